/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/format_text_test.c - format_text.c: what people write.
 */
#include "format_check.h"

/* clang-format off */
static void names(void **state)
{
    static const format_row_t rows[] = {
        YES("nama", "Siti Nur'aini"),
        YES("nama", "Ma'ruf"),
        YES("nama", "M. Ma’ruf, S.Kom., M.T."),
        YES("nama", "D'Angelo"),
        YES("nama", "Drs. H. Abdul Aziz, M.Si., Ph.D."),
        YES("nama", "Sukarno"),
        YES("nama", "R.A. Kartini"),
        YES("nama", "I Gusti Ayu Ngurah Rai"),
        YES("nama",
            "Prof. Dr. Ir. H. Bambang Sutrisno, M.Eng.Sc., IPU., ASEAN Eng."),
        YES("nama", "dr. Ratna Dewi, Sp.OG(K)"),
        YES("nama", "drg. Lestari-Wibowo, MARS"),
        YES("nama", "Hj. Rr. Endang Sri Wahyuni, S.Pd.SD"),
        YES("nama", "Tengku Muhammad Fu'ad"),
        YES("nama", "Jum`at bin Sa`id"),
        YES("nama", "Ahmad @ Mat bin Yusof"),
        YES("nama", "Lim Ah Seng @ Lim Seng"),
        YES("nama", "Muthu a/l Raman"),
        YES("nama", "Siti Aminah binti H. Umar"),
        YES("nama", "Nguyễn Văn Đức"),
        YES("nama", "Zoe\xcc\x81 Muller"),
        YES("nama", "José García"),
        YES("nama", "Søren Kierkegaard"),
        YES("nama", "François"),
        YES("nama", "Abd al-Raḥmān"),
        YES("nama", "ʿAlī ibn Abī Ṭālib"),
        YES("nama", "Kol. (Purn.) Sutoyo"),
        YES("nama", "Brigjen. TNI Dr. (H.C.) Suharto, S.IP."),
        YES("nama", "H. \"Ucok\" Siregar"),
        YES("nama", "Yohanes Paulus II"),
        YES("nama", "Maria Ulfa / Ulfa"),
        YES("nama", "Bapak & Ibu Hendra"),
        YES("nama", "Andi"),
        YES("nama", "O"),
        YES("nama", "Ni Luh Putu Sri, A.Md.Kep."),
        YES("nama", "Tuan Guru K.H. Zainuddin"),
        YES("nama", "Sri-Mulyani"),
        YES("nama", "Dewi\xc2\xa0Sartika"),
        YES("nama", "Sinta "),
        YES("nama", "A. A. Gde Agung"),
        YES("nama", "Ch. “Chris” Maitimu"),
        YES("nama", "Qōri ʻAin"),
        YES("nama", "St. Nur Aisyah, Lc., M.A."),
        YES("nama", "Ny. Tan (alm.)"),
        YES("gelar", "S.Kom., M.T."),
        YES("gelar", "Drs. H."),
        YES("gelar", "Prof. Dr. Ir."),
        YES("gelar", "Ph.D."),
        YES("gelar", "Sp.PD-KGEH"),
        YES("gelar", "A.Md.Keb."),
        YES("gelar", "S.Tr.Kes."),
        YES("gelar", "dr., Sp.A(K)"),
        YES("gelar", "M.Si (Han)"),
        YES("gelar", "CA., CPA"),
        NO("nama", ""),
        NO("nama", "."),
        NO("nama", "---"),
        NO("nama", " "),
        NO("nama", "Budi123"),
        NO("nama", "Budi<"),
        NO("nama", "<script>"),
        NO("nama", "Budi; DROP"),
        NO("nama", "Budi=1"),
        NO("nama", "Budi\tSantoso"),
        NO("nama", "Budi\nSantoso"),
        NO("nama", "Budi\r\nX"),
        NO("nama", "Budi\x00"),
        NO("nama", "Budi\xe2\x80\x8bSantoso"),
        NO("nama", "Budi\xe2\x80\xaeotnas"),
        NO("nama", "Budi\xe2\x81\xa6x"),
        NO("nama", "Budi\xef\xbb\xbf"),
        NO("nama", "Bu\xc2\xad" "di"),
        NO("nama", "Budi\xc2\x85"),
        NO("nama", "Budi\x07"),
        NO("nama", "\xcc\x81" "Budi"),
        NO("nama", "Budi \xcc\x81"),
        NO("nama", "Budi\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
        NO("nama", "Budi\xee\x80\x80"),
        NO("nama", "Буди"),
        NO("nama", "بودي"),
        NO("nama", "\xe5\xb8\x83\xe5\x9c\xb0"),
        NO("nama", "Budi \xf0\x9f\x98\x80"),
        NO("nama", "Budi\xef\xbf\xbd"),
        NO("nama", "Budi_Santoso"),
        NO("nama", "Budi*"),
        NO("nama", "Budi#1"),
        NO("nama", "Budi|x"),
        NO("nama", "Budi{x}"),
        NO("nama", "Budi[x]"),
        NO("nama", "Budi$"),
        NO("nama", "Budi%"),
        NO("nama", "Budi\\"),
        NO("nama", "Budi+"),
        NO("nama", "Budi!"),
        NO("nama", "Budi?"),
        NO("nama", "Budi:x"),
        NO("nama", "\xef\xbc\xa2udi"),
        NO("nama", "Budi\xcd\x8f"),
        NO("nama", "Budı\xe2\x80\xa8"),
        NO("nama",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        YES("nama",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        YES("nama",
            "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"
            "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"
            "éééééééééééééééééééééééééé"),
        YES("nama",
            "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e"
            "\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81"),
        YES("nama", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
    };

    check_rows(rows, ROWS(rows));
}

static void addresses(void **state)
{
    static const format_row_t rows[] = {
        YES("alamat", "Jl. A. Yani No. 1/2 RT 03/RW 05"),
        YES("alamat", "Jl. Raya Ps. Minggu KM. 18,5 (samping ATM BRI)"),
        YES("alamat",
            "Perum. Griya Asri Blok C2 No. 5, Kel. Tanjungpinang Kota"),
        YES("alamat", "Komp. Ruko Nagoya Hill Blok R3/5 & R3/6"),
        YES("alamat", "Jl. H.O.S. Cokroaminoto Gg. V/12-A"),
        YES("alamat", "Kp. Dapur 12, RT.003 RW.002"),
        YES("alamat", "d/a Bpk. Ma'ruf – belakang SDN 005 Batam Kota"),
        YES("alamat", "Apartemen Harbour Bay, Lt. 3 #03-12"),
        YES("alamat", "± 50 m dari jalan raya; pagar hijau!"),
        YES("alamat", "Jl. Jend. Sudirman No. 10½"),
        YES("alamat", "Dsn. Krajan\r\nDs. Sukamaju\r\nKec. Bulang"),
        YES("alamat", "Jln. Sei Panas Nº 7"),
        YES("alamat", "Blok “Melati” No. 3"),
        YES("alamat", "Pulau Abang, RT 01"),
        YES("alamat", "Hotel @ Batam Center, kamar 12*"),
        YES("alamat", "Jl. Engku Putri No.1, Batam 29444"),
        YES("alamat", "Tiban Lama, samping Masjid Jami’"),
        YES("alamat", "Jl. Jum`at No 2?"),
        YES("alamat", "Rumah No. 5_A"),
        YES("alamat", "Gg. Buntu\t(ujung)"),
        YES("alamat", "Luas 36 m², Jl. Cañete"),
        NO("alamat", ""),
        NO("alamat", "12345"),
        NO("alamat", "  "),
        NO("alamat", "Jl. <b>"),
        NO("alamat", "Jl. A=1"),
        NO("alamat", "Jl. {x}"),
        NO("alamat", "Jl. $HOME"),
        NO("alamat", "Jl. A|B"),
        NO("alamat", "Jl. A\\B"),
        NO("alamat", "Jl. [1]"),
        NO("alamat", "Jl. A^B"),
        NO("alamat", "Jl. 100%"),
        NO("alamat", "Jl. A\x00" "B"),
        NO("alamat", "Jl. A\x08"),
        NO("alamat", "Jl. A\xc2\x85"),
        NO("alamat", "Jl. \xe2\x80\xae" "A"),
        NO("alamat", "Jl.\xe2\x80\x8b" "A"),
        NO("alamat", "Jl. \xe5\xb8\x83"),
        NO("alamat", "Jl. A \xf0\x9f\x98\x80"),
        NO("alamat", "Jl. \xef\xbc\x91"),
        NO("alamat", "Jl. ~A"),
        NO("alamat", "Jl. A\x0b"),
        NO("alamat", "\xcc\x81Jl."),
        NO("alamat", "Jl. A\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
        NO("alamat",
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJ"),
        YES("alamat",
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
            "JJJJ"),
    };

    check_rows(rows, ROWS(rows));
}

static void letters(void **state)
{
    static const format_row_t rows[] = {
        YES("teks_bebas", ""),
        YES("teks_bebas", "ukuran 2 x 3 m & lainnya"),
        YES("teks_bebas", "<50 tahun"),
        YES("teks_bebas", "E-mail: budi@contoh.example"),
        YES("teks_bebas",
            "Dengan hormat,\r\n\r\nYang bertanda tangan di bawah ini:\r\n\t"
            "Nama\t: Nur'aini\r\n\tUmur\t: <50 tahun\r\n\r\nMohon diproses."
            " Terima kasih."),
        YES("teks_bebas", "Jum'at, 5/6/2026 pukul 08.30–16.00 WIB"),
        YES("teks_bebas", "Rp1.500.000,00 (100%)"),
        YES("teks_bebas", "a = b + c; {x} [y] | z \\ ~ ^ $"),
        YES("teks_bebas", "SELECT seorang wakil FROM warga"),
        YES("teks_bebas", "Rumah “tipe 36” — luas ± 72 m²"),
        YES("teks_bebas", "Terima kasih \xf0\x9f\x99\x8f"),
        YES("teks_bebas",
            "\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd\xe2\x80\x8d\xf0\x9f\x92\xbb b"
            "ekerja"),
        YES("teks_bebas",
            "\xe2\x9d\xa4\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x94\xa5"),
        YES("teks_bebas", "1\xef\xb8\x8f⃣ pertama"),
        YES("teks_bebas", "\xf0\x9f\x87\xae\xf0\x9f\x87\xa9 merdeka"),
        YES("teks_bebas", "بِسْمِ ٱللّٰهِ"),
        YES("teks_bebas", "\xea\xa6\xb2\xea\xa7\x80\xea\xa6\xb2"),
        YES("teks_bebas", "می\xe2\x80\x8cخواهم"),
        YES("teks_bebas", "kepen\xc2\xadtingan umum"),
        YES("teks_bebas",
            "\xe5\x8d\xb0\xe5\xba\xa6\xe5\xb0\xbc\xe8\xa5\xbf\xe4\xba\x9a"),
        YES("teks_bebas", "Cafe\xcc\x81 & re\xcc\x81sume\xcc\x81"),
        YES("teks_bebas", "1) a\n2) b\n3) c"),
        YES("teks_bebas", "Satu\xc2\xa0" "dua\xe3\x80\x80tiga"),
        YES("teks_bebas", "Jika 5 > 3 dan 2 < 4 maka benar"),
        YES("teks_bebas", "• butir satu\r\n• butir dua"),
        YES("teks_bebas", "Suhu 30 °C, pH ≤ 7"),
        YES("teks_bebas", "https://contoh.example/a?b=c&d=e"),
        YES("teks_bebas", "'; --"),
        YES("teks_bebas",
            "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0"
            "\x9f\x91\xa7\xe2\x80\x8d\xf0\x9f\x91\xa6"),
        YES("teks_bebas", "क्\xe2\x80\x8dष"),
        YES("teks_bebas", "tt. 29 Jumadil Akhir 1448 H"),
        YES("teks_bebas", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
        YES("teks_bebas", "Ẓ\xc2\xadẒ"),
        YES("teks_bebas", "\xf0\x9f\xab\xa9 wajah lelah"),
        YES("teks_bebas", "(เก็บ)"),
        YES("teks_bebas", "© 2026 ™ €"),
        NO("teks_bebas", "a\x00" "b"),
        NO("teks_bebas", "a\x08"),
        NO("teks_bebas", "a\x0b"),
        NO("teks_bebas", "a\x0c"),
        NO("teks_bebas", "a\x1b[31m"),
        NO("teks_bebas", "a\x7f"),
        NO("teks_bebas", "a\xc2\x80"),
        NO("teks_bebas", "a\xc2\x85" "b"),
        NO("teks_bebas", "a\xc2\x9f"),
        NO("teks_bebas", "a\xd8\x9c" "b"),
        NO("teks_bebas", "a\xe2\x80\x8b" "b"),
        NO("teks_bebas", "a\xe2\x80\x8e" "b"),
        NO("teks_bebas", "a\xe2\x80\x8f" "b"),
        NO("teks_bebas", "a\xe2\x80\xaa" "b"),
        NO("teks_bebas", "a\xe2\x80\xae" "b"),
        NO("teks_bebas", "a\xe2\x81\xa6" "b\xe2\x81\xa9"),
        NO("teks_bebas", "a\xe2\x81\xa0" "b"),
        NO("teks_bebas", "a\xef\xbb\xbf" "b"),
        NO("teks_bebas", "\xef\xbb\xbf" "a"),
        NO("teks_bebas", "a\xe2\x80\x8d" "b"),
        NO("teks_bebas", "a\xe2\x80\x8c" "b"),
        NO("teks_bebas", "a\xe2\x80\x8d"),
        NO("teks_bebas", "\xe2\x80\x8d" "a"),
        NO("teks_bebas", "ب\xe2\x80\x8d"),
        NO("teks_bebas", "\xf0\x9f\x91\xa9\xe2\x80\x8d \xf0\x9f\x92\xbb"),
        NO("teks_bebas",
            "\xf0\x9f\x91\xa9\xe2\x80\x8d\xe2\x80\x8d\xf0\x9f\x92\xbb"),
        NO("teks_bebas", "a\xc2\xad"),
        NO("teks_bebas", "\xc2\xad" "a"),
        NO("teks_bebas", "a\xc2\xad\xc2\xad" "b"),
        NO("teks_bebas", "5\xc2\xad" "5"),
        NO("teks_bebas", "a\xc2\xad" "5"),
        NO("teks_bebas", "a\xcd\x8f" "b"),
        NO("teks_bebas", "aᅟb"),
        NO("teks_bebas", "aᅠb"),
        NO("teks_bebas", "a\xe3\x85\xa4" "b"),
        NO("teks_bebas", "a\xef\xbe\xa0" "b"),
        NO("teks_bebas", "a\xe1\xa0\x8e" "b"),
        NO("teks_bebas", "a឴b"),
        NO("teks_bebas", "a\xe2\x80\xa8" "b"),
        NO("teks_bebas", "a\xe2\x80\xa9" "b"),
        NO("teks_bebas", "a\xee\x80\x80" "b"),
        NO("teks_bebas", "a\xef\xa3\xbf" "b"),
        NO("teks_bebas", "a\xf3\xb0\x80\x80" "b"),
        NO("teks_bebas", "a\xf4\x8f\xbf\xbd" "b"),
        NO("teks_bebas", "a\xef\xbf\xbe" "b"),
        NO("teks_bebas", "a\xef\xbf\xbf" "b"),
        NO("teks_bebas", "a\xf0\x9f\xbf\xbe" "b"),
        NO("teks_bebas", "a\xf4\x8f\xbf\xbf" "b"),
        NO("teks_bebas", "a\xef\xb7\x90" "b"),
        NO("teks_bebas", "a\xef\xbf\xbd" "b"),
        NO("teks_bebas", "a\xef\xbf\xbc" "b"),
        NO("teks_bebas", "a\xef\xbf\xb9" "b\xef\xbf\xbb"),
        NO("teks_bebas", "a\xf3\xa0\x80\x81" "b"),
        NO("teks_bebas", "a\xf3\xa0\x81\x81" "b"),
        NO("teks_bebas", "a\xf3\xa0\x84\x80" "b"),
        NO("teks_bebas", "a\xf1\x80\x80\x80" "b"),
        NO("teks_bebas", "a\xf3\x9f\xbf\xbf" "b"),
        NO("teks_bebas", "\xcc\x81" "a"),
        NO("teks_bebas", "a \xcc\x81"),
        NO("teks_bebas", "a\n\xcc\x81"),
        NO("teks_bebas", "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
        NO("teks_bebas", "ก็็็็็"),
        NO("teks_bebas", "بًًًًً"),
        NO("teks_bebas", "a⃣⃣⃣⃣⃣"),
        NO("teks_bebas",
            "a\xef\xb8\x8f\xef\xb8\x8f\xef\xb8\x8f\xef\xb8\x8f\xef\xb8\x8f"),
        NO("teks_bebas", "\xef\xb8\x8f"),
    };

    check_rows(rows, ROWS(rows));
}

static void lines(void **state)
{
    static const format_row_t rows[] = {
        YES("teks_baris", ""),
        YES("teks_baris", "Permohonan surat keterangan usaha"),
        YES("teks_baris", "<50 tahun"),
        YES("teks_baris", "budi@contoh.example, 0812"),
        YES("teks_baris", "Acara “HUT RI” \xf0\x9f\x87\xae\xf0\x9f\x87\xa9"),
        YES("teks_baris",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaa"),
        YES("teks_baris", "Re: permohonan & lampiran (3)"),
        YES("teks_baris", "kepen\xc2\xadtingan"),
        NO("teks_baris", "a\nb"),
        NO("teks_baris", "a\r\nb"),
        NO("teks_baris", "a\rb"),
        NO("teks_baris", "a\tb"),
        NO("teks_baris", "a\n"),
        NO("teks_baris", "\na"),
        NO("teks_baris",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaa"),
        NO("teks_baris", "a\xe2\x80\xae" "b"),
        NO("teks_baris", "a\x00"),
        NO("teks_baris", "a\xe2\x80\x8b" "b"),
        NO("teks_baris", "a\xe2\x80\xa8" "b"),
    };

    check_rows(rows, ROWS(rows));
}

/* frame, c in UTF-8, frame; the length. */
static size_t put(char *out, const char *frame, unsigned long c)
{
    size_t n = strlen(frame), len = n;

    memcpy(out, frame, n);
    if (c < 0x80) {
        out[len++] = (char)c;
    }
    else if (c < 0x800) {
        out[len++] = (char)(0xc0 | c >> 6);
        out[len++] = (char)(0x80 | (c & 0x3f));
    }
    else if (c < 0x10000) {
        out[len++] = (char)(0xe0 | c >> 12);
        out[len++] = (char)(0x80 | (c >> 6 & 0x3f));
        out[len++] = (char)(0x80 | (c & 0x3f));
    }
    else {
        out[len++] = (char)(0xf0 | c >> 18);
        out[len++] = (char)(0x80 | (c >> 12 & 0x3f));
        out[len++] = (char)(0x80 | (c >> 6 & 0x3f));
        out[len++] = (char)(0x80 | (c & 0x3f));
    }
    memcpy(out + len, frame, n);
    return len + n;
}

/* Judge and pattern agree on every character, alone and between others. */
static void every_character(void **state)
{
    static const char *const formats[] = { "nama", "alamat", "teks_baris",
                                           "teks_bebas" };
    static const char *const frames[] = { "", "a", "\xd8\xa8" };
    unsigned long c;
    apr_pool_t *pool;
    size_t i, k;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    for (i = 0; i < ROWS(formats); i++) {
        const spbe_format_t *f = spbe_format_find(spbe_span_from(formats[i]));
        spbe_regex_scratch_t *scratch = spbe_regex_scratch_create(pool);
        const char *error = NULL;
        spbe_regex_t *regex = spbe_regex_compile(
            spbe_span_from(f->pattern), &error, pool);

        assert_non_null(regex);
        for (c = 0; c <= 0x10ffff; c += c < 0x20000 ? 1 : 0xfff) {
            for (k = 0; k < ROWS(frames) && (c < 0xd800 || c > 0xdfff); k++) {
                char text[16];
                spbe_span_t s = { text, put(text, frames[k], c) };

                if (f->valid(s, NOW) !=
                    (spbe_regex_match(regex, s, scratch) == SPBE_REGEX_YES)) {
                    fail_msg("%s: U+%04lX in %u", f->name, c, (unsigned)k);
                }
            }
        }
    }
    apr_pool_destroy(pool);
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(addresses),
        cmocka_unit_test(letters),
        cmocka_unit_test(lines),
        cmocka_unit_test(every_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
