<%! int simpanIzin(String nik) { throw new IllegalStateException("KANARI-BOCOR izin " + nik); } %>
<%= simpanIzin(request.getParameter("nik")) %>
