<?php
// SPDX-License-Identifier: Apache-2.0
// Halaman awal: formulir, dan pintu ke setiap cara gagal.
require __DIR__ . '/bagian.php';
kepala('Permohonan surat keterangan');
?>
<p class="lead">Contoh layanan yang sengaja gagal dengan bermacam cara, untuk melihat apa yang sampai kepada
pengunjung. Setiap kegagalan tercatat dengan nomor rujukan; nomor itu dapat dicari dengan
<code>spbe-guardctl show</code>.</p>
<p class="note"><strong>Jangan pernah dipasang di server yang dapat dibuka umum.</strong>
<code>display_errors</code> di sini sengaja menyala dan programnya sengaja rusak.
<span lang="en">Never put this on a public server: it fails, and tells all about it, on purpose.</span></p>

<h2>Validasi Input</h2>
<p><a href="/permohonan.php">Formulir yang dijaga kebijakan</a>: peramban membantu selagi diisi, server memeriksa lagi
dengan ketat. <span lang="en">A form guarded by a policy, in the browser and on the server.</span></p>

<h2>Penanganan Kesalahan</h2>
<form class="card" method="post" action="/simpan.php">
<label>Nama lengkap <input name="nama" value="Budi Contoh" autocomplete="off" required></label>
<label>NIK <small>(16 angka, contoh)</small> <input name="nik" value="9999990101900001" inputmode="numeric" autocomplete="off" required></label>
<label>Tanggal lahir <input name="tanggal_lahir" type="date" value="1990-01-01" required></label>
<label>E-mail <input name="email" type="email" value="budi@contoh.example" autocomplete="off" required></label>
<label>Nomor HP <input name="hp" type="tel" value="0800-0000-0000" autocomplete="off" required></label>
<label class="wide">Alamat <textarea name="alamat" rows="2" required>Jl. Contoh No. 1/2 RT 03/RW 05</textarea></label>
<label class="wide check"><input type="checkbox" name="rusak" value="1" checked>
<span>Gagal ketika menyimpan: halaman galat harus mengatakan bahwa belum dapat dipastikan apakah data tersimpan.</span></label>
<p class="wide"><button type="submit">Kirim permohonan</button></p>
</form>
<?php foreach (require __DIR__ . '/kasus.php' as $kelompok => $daftar) { ?>

<h2><?= htmlspecialchars($kelompok) ?></h2>
<ul class="cases">
<?php foreach ($daftar as [$alamat, $nama, $tanpa, $dengan]) { ?>
<li><a href="<?= htmlspecialchars($alamat) ?>"><?= htmlspecialchars($nama) ?></a>
<dl><dt>Tanpa</dt><dd class="off"><?= htmlspecialchars($tanpa) ?></dd>
<dt>Dengan</dt><dd class="on"><?= htmlspecialchars($dengan) ?></dd></dl></li>
<?php } ?>
</ul>
<?php } ?>
<?php kaki();
