<?php
// A small application in the manner of a local office: a service, a store.
class LayananPerizinan
{
    public function simpan(array $data): int
    {
        return $this->periksa($data['nik'] ?? '', $data['password'] ?? '');
    }
    private function periksa(string $nik, string $sandi): int
    {
        throw new RuntimeException('KANARI-BOCOR berkas izin tidak ditemukan');
    }
}
