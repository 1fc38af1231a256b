<%@ page contentType="text/html; charset=utf-8" %><p>HALAMAN-JSP</p>
