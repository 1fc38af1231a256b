<?php
// SPDX-License-Identifier: Apache-2.0
// Bicara tentang galat, tetapi bukan galat: harus lewat tanpa perubahan.
require __DIR__ . '/../bagian.php';
kepala('Mengapa pesan galat tidak boleh dilihat pengunjung');
?>
<p>Pesan galat (<i>error message</i>) membantu pengembang, tetapi di depan umum ia membuka nama berkas, versi
perangkat lunak dan bentuk basis data. Kesalahan seperti <i>exception</i> yang tidak ditangkap sebaiknya dicatat di
server, dan pengunjung cukup menerima nomor rujukan.</p>
<p>Kata <i>Fatal error</i>, <i>Warning</i> atau <i>Traceback</i> dalam sebuah artikel bukan kebocoran. Pesan PHP
yang lengkap bentuknya kira-kira begini:</p>
<pre><code class="language-text">Fatal error: Uncaught Exception: contoh in /srv/contoh/index.php:3
Stack trace:
#0 {main}
  thrown in /srv/contoh/index.php on line 3</code></pre>
<p><a class="button" href="/">Kembali</a></p>
<?php kaki();
