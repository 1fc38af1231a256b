-- Contoh cadangan yang tertinggal di folder web; isinya karangan.
CREATE TABLE warga (nik char(16), nama varchar(100));
INSERT INTO warga VALUES ('9999990101900001', 'Budi Contoh');
