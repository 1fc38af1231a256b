// Express with its default error handler, and the ways in which people
// replace it. Usage: node app.js PORT
'use strict';
const express = require('express');
const app = express();
app.use(express.urlencoded({ extended: false }));
app.use(express.json());

function simpanIzin(nik) {
  throw new TypeError('KANARI-BOCOR izin ' + nik + ' tidak sah');
}

app.get('/ok', (req, res) => res.send('<p>HALAMAN-EXPRESS</p>'));
app.all('/gagal', (req, res) => simpanIzin(req.query.nik));
app.get('/async', (req, res, next) => Promise.reject(new Error('KANARI-BOCOR janji')).catch(next));
app.get('/json', (req, res) => {
  try { simpanIzin(1); } catch (e) { res.json({ ok: false, stack: e.stack }); }
});
app.get('/notfound', (req, res) => {
  try { simpanIzin(1); } catch (e) { res.status(404).send('<pre>' + e.stack + '</pre>'); }
});
app.get('/acara', (req, res) => {
  res.set('Content-Type', 'text/event-stream');
  res.flushHeaders();
  let n = 0;
  const timer = setInterval(() => {
    res.write('data: ' + (++n) + '\n\n');
    if (n === 5) { clearInterval(timer); res.end(); }
  }, 200);
});
app.get('/putus', (req, res) => { // dies in the middle of its answer
  res.set('Content-Type', 'text/html');
  res.write('<p>AWAL-HALAMAN</p>');
  setTimeout(() => req.socket.destroy(), 100);
});
app.listen(Number(process.argv[2]), '127.0.0.1');
