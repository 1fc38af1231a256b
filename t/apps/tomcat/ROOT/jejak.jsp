<%@ page contentType="text/html; charset=utf-8" import="java.io.*" %>
<h1>Daftar</h1><pre><%
try { throw new java.sql.SQLException("KANARI-BOCOR ORA-00942: table or view does not exist"); }
catch (Exception e) { StringWriter w = new StringWriter(); e.printStackTrace(new PrintWriter(w)); out.print(w); }
%></pre>
