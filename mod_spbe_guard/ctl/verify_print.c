/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/verify_print.c - what verify found, for people. See verify.h.
 */
#include "ctl/verify.h"

#include <stdio.h>
#include <apr_strings.h>
#include "store/firstkey.h"
#include "text/stamp.h"
#include "text/visible.h"

/* %s of both: the groups, or the numbers, that are meant. */
static const struct {
    const char *local, *english;
} sentences[] = {
    [SPBE_VERIFY_EMPTY] = {"tidak ada arsip, atau arsipnya kosong",
                           "there is no archive, or it is empty"},
    [SPBE_VERIFY_WRONG_KEY] =
        {"kunci publik pertama tidak cocok: arsip ini milik kunci lain",
         "the first public key does not fit: this archive is of another one"},
    [SPBE_VERIFY_NO_START] = {"awal arsip hilang",
                              "the beginning of the archive is gone"},
    [SPBE_VERIFY_SIGNATURE] = {"baris tanda tangan diubah",
                               "the signature line was altered"},
    [SPBE_VERIFY_BODY] =
        {"isi diubah, dihapus, ditukar atau ditambah sesudah ditandatangani",
         "entries were altered, removed, moved or added after signing"},
    [SPBE_VERIFY_SIGNER] =
        {"ditandatangani dengan kunci yang bukan gilirannya: ditulis ulang, "
         "atau dilanjutkan sesudah arsip dipotong atau sign.key hilang",
         "signed by a key whose turn it was not: written anew, or gone on "
         "with after the archive was cut or sign.key was lost"},
    [SPBE_VERIFY_MISSING] = {"kelompok tidak ada di tempatnya",
                             "groups are not in their place"},
    [SPBE_VERIFY_CHAIN] =
        {"tidak menyambung ke kelompok sebelumnya: salah satunya diganti",
         "does not go on from the group before: one of them was replaced"},
    [SPBE_VERIFY_REPEATED] = {"kelompok muncul lagi, atau bukan pada tempatnya",
                              "groups come again, or out of place"},
    [SPBE_VERIFY_SEGMENT] =
        {"berkas ini bukan pada tempatnya: entri pertamanya menyebut lain",
         "this file is out of place: its first entry says otherwise"},
    [SPBE_VERIFY_PURGED] =
        {"dihapus tanpa perintah yang berlaku untuk seluruh segmen itu",
         "purged without an order that covers this segment: "
         "whole, a day old, and named by it"},
    [SPBE_VERIFY_HELD] = {"dihapus padahal ditahan (legal hold)",
                          "purged though under a legal hold"},
    [SPBE_VERIFY_HEAD_OTHER] =
        {"bukan kelompok yang dikenal di tempat lain: arsip diganti, atau "
         "mesin virtual dikembalikan ke keadaan lama",
         "not the group that is known elsewhere: the archive was replaced, or "
         "a virtual machine was rolled back"},
    [SPBE_VERIFY_HEAD_MISSING] =
        {"dikenal di tempat lain, tetapi tidak ada di sini: ekor arsip "
         "dipotong",
         "known elsewhere, but not here: the tail of the archive was cut"},
    [SPBE_VERIFY_CLOCK_BACK] = {"jam peladen dimundurkan",
                                "the clock of the server was set back"},
    [SPBE_VERIFY_CLOCK_AHEAD] = {"jam peladen dimajukan",
                                 "the clock of the server was moved ahead"},
    [SPBE_VERIFY_UPTIME] =
        {"umur mesin mundur: mesin virtual dikembalikan ke keadaan lama",
         "the machine's age went back: a virtual machine was rolled back"},
    [SPBE_VERIFY_LOST] = {"catatan tidak pernah sampai, dan tidak ada yang "
                          "melaporkannya hilang",
                          "records never came, and nobody reported them lost"},
    [SPBE_VERIFY_FUTURE] = {"bertanggal di masa depan menurut jam mesin ini",
                            "dated in the future by the clock of this machine"},
    [SPBE_VERIFY_NOT_LOST] =
        {"dilaporkan hilang, padahal ada di arsip: proses httpd yang diambil "
         "alih dapat berbohong begitu",
         "reported as lost, though they are there: a process of httpd that "
         "was taken over can lie so"},
    [SPBE_VERIFY_NO_HEAD] =
        {"tidak ada kepala arsip dari tempat lain (--head, --heads): ekor "
         "yang dipotong tidak akan terlihat",
         "no head from elsewhere was given (--head, --heads): a tail that was "
         "cut would not be seen"},
    [SPBE_VERIFY_TORN] = {"byte tanpa tanda tangan di belakang kelompok "
                          "terakhir: penulisan terputus, bukan serangan",
                          "bytes without a signature behind the last group: "
                          "writing was cut off, no attack"},
    [SPBE_VERIFY_REPORTED] = {"catatan hilang dan sudah dilaporkan",
                              "records that were lost, and reported"},
    [SPBE_VERIFY_ORDERED] = {"dihapus dengan perintah", "purged by an order"},
};

const char *spbe_ctl_verify_say(spbe_verify_kind_t kind)
{
    return sentences[kind].english;
}

int spbe_ctl_verify_code(const spbe_ctl_verified_t *verified)
{
    const spbe_verify_report_t *report = verified->report;

    if (report->broken > 0) {
        return SPBE_CTL_TROUBLE;
    }
    return report->ask > 0 || verified->is_own_key ? SPBE_CTL_EXPLAIN
                                                   : SPBE_CTL_FINE;
}

int spbe_ctl_verify_is_loss(spbe_verify_kind_t kind)
{
    return kind == SPBE_VERIFY_LOST || kind == SPBE_VERIFY_REPORTED ||
           kind == SPBE_VERIFY_NOT_LOST;
}

static const char *range(const spbe_verify_finding_t *f, const char *until,
                         apr_pool_t *pool)
{
    return f->from == f->upto
               ? apr_psprintf(pool, "%" APR_UINT64_T_FMT, f->from)
               : apr_psprintf(pool,
                              "%" APR_UINT64_T_FMT " %s %" APR_UINT64_T_FMT,
                              f->from, until, f->upto);
}

static const char *local(apr_time_t time, apr_pool_t *pool)
{
    char text[SPBE_STAMP_SIZE];

    spbe_stamp_local(time, text);
    return apr_pstrdup(pool, text);
}

/* "Kelompok 9", "Penulis kantor-1:7:1, nomor 3 sampai 5". */
static const char *subject(const spbe_verify_finding_t *f, apr_pool_t *pool)
{
    if (spbe_ctl_verify_is_loss(f->kind) &&
        (f->writer == NULL || *f->writer == '\0')) {
        return apr_psprintf(pool, "%" APR_UINT64_T_FMT " baris", f->n);
    }
    if (spbe_ctl_verify_is_loss(f->kind)) {
        return apr_psprintf(pool, "Penulis %s, nomor %s",
                            spbe_visible(f->writer, pool),
                            range(f, "sampai", pool));
    }
    return f->from == 0
               ? NULL
               : apr_pstrcat(pool, "Kelompok ", range(f, "sampai", pool), NULL);
}

static void print_details(const spbe_verify_finding_t *f, apr_pool_t *pool)
{
    switch (f->kind) {
    case SPBE_VERIFY_CLOCK_BACK:
    case SPBE_VERIFY_CLOCK_AHEAD:
    case SPBE_VERIFY_UPTIME:
    case SPBE_VERIFY_FUTURE:
        printf(" (%" APR_UINT64_T_FMT " detik)", f->n);
        break;
    case SPBE_VERIFY_TORN:
        printf(" (%" APR_UINT64_T_FMT " byte)", f->n);
        break;
    case SPBE_VERIFY_PURGED:
    case SPBE_VERIFY_ORDERED:
        fputs(f->all ? " (seluruh isi)" : " (rincian)", stdout);
        break;
    default:
        break;
    }
    if (f->kind == SPBE_VERIFY_ORDERED) {
        printf(": perintah %s, oleh %s", spbe_visible(f->id, pool),
               spbe_visible(f->by, pool));
    }
    else if (f->kind == SPBE_VERIFY_REPORTED && f->by != NULL) {
        printf(": %s", spbe_visible(f->by, pool));
    }
}

static void print_finding(int n, const spbe_verify_finding_t *f,
                          apr_pool_t *pool)
{
    const char *who = subject(f, pool);

    printf("  %d. %s%s%s", n, who == NULL ? "" : who, who == NULL ? "" : ": ",
           sentences[f->kind].local);
    print_details(f, pool);
    putchar('\n');
    if (f->segment != NULL) {
        printf("     berkas %s, alamat %" APR_UINT64_T_FMT "%s%s\n",
               spbe_visible(f->segment, pool), f->offset,
               f->time == 0 ? "" : ", ",
               f->time == 0 ? "" : local(f->time, pool));
    }
}

static void print_weight(const spbe_ctl_verified_t *verified,
                         spbe_verify_weight_t weight, apr_uint64_t count,
                         const char *title, apr_pool_t *pool)
{
    const apr_array_header_t *all = verified->report->findings;
    apr_uint64_t shown = 0;
    int i;

    if (count == 0) {
        return;
    }
    printf("\n%s\n", title);
    for (i = 0; i < all->nelts; i++) {
        const spbe_verify_finding_t *f =
            &APR_ARRAY_IDX(all, i, spbe_verify_finding_t);

        if (spbe_verify_weight(f->kind) == weight) {
            print_finding((int)++shown, f, pool);
        }
    }
    if (shown < count) {
        printf("  ... dan %" APR_UINT64_T_FMT " lagi\n", count - shown);
    }
}

static const char *head_text(const spbe_head_t *head, apr_pool_t *pool)
{
    char text[SPBE_HEAD_TEXT];

    spbe_head_write(head, text);
    return apr_pstrdup(pool, text);
}

static void print_heads(const spbe_verify_report_t *r, apr_pool_t *pool)
{
    printf("  kepala terakhir (last head)  %s\n", head_text(&r->head, pool));
    if (r->heads > 0) {
        printf("  cocok dengan %" APR_UINT64_T_FMT
               " kepala dari tempat lain, yang terakhir kelompok "
               "%" APR_UINT64_T_FMT " (%s)\n",
               r->heads, r->confirmed.group, local(r->confirmed.time, pool));
    }
}

static void print_summary(const spbe_ctl_verified_t *verified, apr_pool_t *pool)
{
    const spbe_verify_report_t *r = verified->report;

    printf("Arsip %s", spbe_visible(verified->where, pool));
    if (r->node != NULL) {
        printf(", peladen %s", spbe_visible(r->node, pool));
    }
    printf("\n  %" APR_UINT64_T_FMT " berkas, %" APR_UINT64_T_FMT
           " kelompok, %" APR_UINT64_T_FMT " entri, %" APR_UINT64_T_FMT
           " byte\n",
           r->segments, r->groups, r->entries, r->bytes);
    if (r->head.group > 0) {
        printf("  kelompok %" APR_UINT64_T_FMT " (%s) sampai %" APR_UINT64_T_FMT
               " (%s)\n",
               r->from, local(r->since, pool), r->head.group,
               local(r->head.time, pool));
        print_heads(r, pool);
    }
    if (r->duplicates > 0) {
        printf("  %" APR_UINT64_T_FMT
               " baris datang dua kali: tidak berbahaya, biasa sesudah logger "
               "mati mendadak\n",
               r->duplicates);
    }
    if (r->purged > 0) {
        printf("  %" APR_UINT64_T_FMT " catatan dihapus seluruhnya\n",
               r->purged);
    }
}

static void print_own_key(const spbe_ctl_verified_t *verified)
{
    char text[SPBE_FIRSTKEY_TEXT];

    if (!verified->is_own_key) {
        return;
    }
    spbe_firstkey_print(verified->key, text);
    printf("\nKunci publik pertama diambil dari folder arsip itu sendiri. "
           "Bandingkan dengan\nyang tercetak saat init (compare with the "
           "printed one):\n  %s\n",
           text);
}

static void print_result(const spbe_ctl_verified_t *verified, apr_pool_t *pool)
{
    const spbe_verify_finding_t *first;
    int code = spbe_ctl_verify_code(verified);

    if (code == SPBE_CTL_FINE) {
        fputs("\nHasil: UTUH (intact).\n", stdout);
    }
    else if (code == SPBE_CTL_EXPLAIN) {
        fputs("\nHasil: UTUH, tetapi ada yang perlu dijelaskan (intact, but "
              "something needs an explanation).\n",
              stdout);
    }
    else {
        first = &APR_ARRAY_IDX(verified->report->findings, 0,
                               spbe_verify_finding_t);
        fputs("\nHasil: RUSAK (broken).", stdout);
        if (first->from > 0) {
            printf(" Kelompok rusak pertama: %" APR_UINT64_T_FMT ".",
                   first->from);
        }
        putchar('\n');
    }
}

void spbe_ctl_verify_print(const spbe_ctl_verified_t *verified,
                           apr_pool_t *pool)
{
    const spbe_verify_report_t *r = verified->report;

    print_summary(verified, pool);
    print_weight(verified, SPBE_VERIFY_BROKEN, r->broken, "RUSAK (broken)",
                 pool);
    print_weight(verified, SPBE_VERIFY_ASK, r->ask,
                 "PERLU PENJELASAN (to be explained)", pool);
    print_weight(verified, SPBE_VERIFY_NOTE, r->note,
                 "KETERANGAN (notes, no trouble)", pool);
    print_own_key(verified);
    if (verified->has_old) {
        fputs("\nDi folder itu ada archive.jsonl dari versi lama: tidak "
              "bertanda tangan, tidak diperiksa.\n",
              stdout);
    }
    print_result(verified, pool);
}
