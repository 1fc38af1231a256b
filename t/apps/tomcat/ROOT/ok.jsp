<%@ page contentType="text/html; charset=utf-8" session="false" %><p>HALAMAN-JSP</p>
