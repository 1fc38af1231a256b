/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/upload.c - is a file what it says it is? See upload.h.
 *
 * Without a rule a dangerous file is only recorded: an application that takes
 * scripts knows why. Names that are paths are refused elsewhere
 * (reading_filename.c).
 */
#include "input/upload_int.h"

#include <apr_strings.h>
#include <magic.h>

/* libmagic's expressions take half a second for 8 KiB of line ends; within
 * these bounds a file costs 10 ms at most (measured with 5.44). */
#define REGEX_BYTES 256
#define TEXT_BYTES 4096

struct spbe_magic {
    magic_t cookie;
};

typedef struct upload {
    const spbe_field_t *file;
    const spbe_file_rule_t *rule; /* or NULL */
    const spbe_about_t *about;
    const spbe_settings_t *settings;
    spbe_verdict_t *verdict;
    spbe_span_t extension;
    const spbe_upload_type_t *type; /* by the extension, or NULL */
    const char *magic;              /* by the content */
    apr_pool_t *pool;
} upload_t;

static apr_status_t close_magic(void *data)
{
    spbe_magic_t *magic = data;

    magic_close(magic->cookie);
    return APR_SUCCESS;
}

spbe_magic_t *spbe_magic_open(apr_pool_t *pool)
{
    spbe_magic_t *magic = apr_pcalloc(pool, sizeof(*magic));
    size_t most = REGEX_BYTES;

    magic->cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS |
                               MAGIC_NO_CHECK_ELF);
    if (magic->cookie == NULL) {
        return NULL;
    }
    if (magic_load(magic->cookie, NULL) != 0) {
        magic_close(magic->cookie);
        return NULL;
    }
    magic_setparam(magic->cookie, MAGIC_PARAM_REGEX_MAX, &most);
    apr_pool_cleanup_register(pool, magic, close_magic, apr_pool_cleanup_null);
    return magic;
}

static int is_binary(spbe_span_t content)
{
    size_t i;

    for (i = 0; i < content.len; i++) {
        unsigned char c = (unsigned char)content.ptr[i];

        if (c < '\t' || (c > '\r' && c < ' ' && c != 0x1b)) {
            return 1;
        }
    }
    return 0;
}

const char *spbe_magic_type(spbe_magic_t *magic, spbe_span_t content)
{
    const char *type;

    content = spbe_span_slice(content, 0, SPBE_UPLOAD_LOOK);
    if (!is_binary(spbe_span_slice(content, 0, TEXT_BYTES))) {
        content = spbe_span_slice(content, 0, TEXT_BYTES);
    }
    type = magic_buffer(magic->cookie, content.ptr, content.len);
    return type == NULL ? "application/octet-stream" : type;
}

static void add(const upload_t *upload, spbe_reason_t reason,
                spbe_action_t action, const char *arg, const char *detail)
{
    const spbe_finding_t finding = {.reason = reason,
                                    .action = action,
                                    .place = SPBE_IN_FILE,
                                    .field = upload->file->name,
                                    .arg = arg,
                                    .about = upload->about,
                                    .value = upload->file->filename,
                                    .detail = detail};

    spbe_verdict_add(upload->verdict, &finding);
}

static void check_size(const upload_t *upload)
{
    apr_int64_t most = spbe_limit_file_size(upload->settings);
    apr_int64_t size = (apr_int64_t)upload->file->value.len;

    if (upload->rule != NULL && upload->rule->max_size > 0) {
        most = upload->rule->max_size;
    }
    if (most > 0 && size > most) {
        add(upload, SPBE_REASON_FILE_SIZE, SPBE_ACTION_REJECT,
            apr_psprintf(upload->pool, "%" APR_INT64_T_FMT, most), "too large");
    }
}

static void check_pixels(const upload_t *upload)
{
    apr_int64_t most = spbe_limit_pixels(upload->settings);
    apr_uint32_t width, height;

    if (!spbe_image_size(upload->file->value, &width, &height)) {
        return;
    }
    /* By division: the product of two such numbers may not fit. */
    if (width == 0 || height == 0 ||
        (apr_int64_t)width > most / (apr_int64_t)height) {
        add(upload, SPBE_REASON_FILE_IMAGE,
            upload->rule == NULL ? SPBE_ACTION_LOG : SPBE_ACTION_REJECT,
            apr_psprintf(upload->pool, "%" APR_INT64_T_FMT, most),
            "width times height");
    }
}

/* "application/pdf, image/..." for the reader of the answer. */
static const char *expected(const upload_t *upload)
{
    const apr_array_header_t *types =
        upload->rule == NULL ? NULL : upload->rule->types;

    const char *list = NULL;
    int i;

    for (i = 0; types != NULL && i < types->nelts; i++) {
        const char *word = APR_ARRAY_IDX(types, i, const char *);

        list = list == NULL ? word
                            : apr_pstrcat(upload->pool, list, ", ", word, NULL);
    }
    return list;
}

static void wrong_type(const upload_t *upload, const char *detail)
{
    add(upload, SPBE_REASON_FILE_TYPE,
        upload->rule == NULL ? SPBE_ACTION_LOG : SPBE_ACTION_REJECT,
        expected(upload), detail);
}

/* "image/..." of a rule: everything of that sort, but nothing that runs. */
static int in_range(const upload_t *upload, spbe_span_t range)
{
    spbe_span_t prefix = spbe_span_slice(range, 0, range.len - 1);

    if (upload->type == NULL) {
        return upload->extension.len == 0 &&
               spbe_span_istarts(spbe_span_from(upload->magic), prefix) &&
               spbe_span_ifind(spbe_span_from(upload->magic),
                               SPBE_SPAN("svg")) == SPBE_NPOS;
    }
    return !upload->type->active &&
           (spbe_span_eq(range, SPBE_SPAN("*/*")) ||
            spbe_span_istarts(spbe_span_from(upload->type->media[0]), prefix));
}

/* Does one word of a rule allow this file? */
static int allowed_by(const upload_t *upload, spbe_span_t word)
{
    if (spbe_span_chr(word, '/') == SPBE_NPOS) {
        if (spbe_span_starts(word, SPBE_SPAN("."))) {
            word = spbe_span_slice(word, 1, word.len);
        }
        return spbe_span_ieq(word, upload->extension);
    }
    if (spbe_span_ends(word, SPBE_SPAN("*"))) {
        return in_range(upload, word);
    }
    if (upload->type != NULL) {
        return spbe_span_ieq(word, spbe_span_from(upload->type->media[0]));
    }
    return spbe_span_ieq(word, spbe_span_from(upload->magic));
}

static int allowed(const upload_t *upload)
{
    const apr_array_header_t *types = upload->rule->types;
    int i;

    for (i = 0; i < types->nelts; i++) {
        if (allowed_by(upload,
                       spbe_span_from(APR_ARRAY_IDX(types, i, const char *)))) {
            return 1;
        }
    }
    return 0;
}

/* The part's own Content-Type: unknown, or one that the kind goes by. */
static int declared_fits(const upload_t *upload)
{
    spbe_span_t rest = upload->file->type;
    spbe_span_t declared = spbe_span_trim(spbe_span_cut(&rest, ';'));

    if (declared.len == 0 || upload->type == NULL ||
        spbe_span_ieq(declared, SPBE_SPAN("application/octet-stream"))) {
        return 1;
    }
    return spbe_upload_type_has(upload->type, declared);
}

static void check_type(const upload_t *upload)
{
    if (!allowed(upload)) {
        wrong_type(upload, "a type that is not among the allowed ones");
    }
    else if (!declared_fits(upload)) {
        wrong_type(upload, "the declared type is not that of the name");
    }
    else if (upload->type != NULL &&
             !spbe_upload_fits(upload->file->value, upload->type,
                               upload->magic)) {
        wrong_type(upload, "the content is not what the name says");
    }
}

/* May the rule's author have meant scripts? Only where he names them. */
static int names_extension(const upload_t *upload)
{
    const apr_array_header_t *types =
        upload->rule == NULL ? NULL : upload->rule->types;
    int i;

    for (i = 0; types != NULL && i < types->nelts; i++) {
        spbe_span_t word =
            spbe_span_from(APR_ARRAY_IDX(types, i, const char *));

        if (spbe_span_starts(word, SPBE_SPAN("."))) {
            word = spbe_span_slice(word, 1, word.len);
        }
        if (spbe_span_ieq(word, upload->extension)) {
            return 1;
        }
    }
    return 0;
}

static void check_danger(const upload_t *upload)
{
    spbe_span_t name = upload->file->filename;
    size_t behind = upload->extension.len + 1;
    const char *detail = spbe_upload_hidden(upload->file->value, upload->type);

    if (detail == NULL && !names_extension(upload)) {
        detail = spbe_upload_script(name);
    }
    else if (detail == NULL && behind < name.len) {
        /* "x.php.jpg", where the rule names jpg. */
        detail =
            spbe_upload_script(spbe_span_slice(name, 0, name.len - behind));
    }
    if (detail != NULL) {
        wrong_type(upload, detail);
    }
}

void spbe_upload_check(const spbe_field_t *file, const spbe_file_rule_t *rule,
                       const spbe_about_t *about,
                       const spbe_settings_t *settings, spbe_magic_t *magic,
                       spbe_verdict_t *verdict, apr_pool_t *pool)
{
    upload_t upload = {.file = file,
                       .rule = rule,
                       .about = about,
                       .settings = settings,
                       .verdict = verdict,
                       .pool = pool};

    if (file->filename.len == 0 && file->value.len == 0) {
        return; /* no file was chosen */
    }
    upload.extension = spbe_upload_extension(file->filename);
    upload.type = spbe_upload_type(upload.extension);
    check_size(&upload);
    check_pixels(&upload);
    check_danger(&upload);
    if (rule == NULL || rule->types == NULL ||
        spbe_reason_is_malformed(verdict->worst)) {
        return; /* too many files: none of them is looked into */
    }
    if (magic == NULL) {
        add(&upload, SPBE_REASON_ENGINE, SPBE_ACTION_REJECT, NULL,
            "libmagic's data cannot be loaded");
        return;
    }
    upload.magic = spbe_magic_type(magic, file->value);
    check_type(&upload);
}
