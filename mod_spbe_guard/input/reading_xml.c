/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reading_xml.c - XML bodies: well formed, UTF-8, without a document
 * type or entities.
 *
 * libxml2 calls us back and builds no tree, so memory is bounded; nothing is
 * fetched, and reading ends at the first sign of a document type. What it
 * compares with all its like, attributes and namespaces, is bounded by us.
 */
#include "input/reading_int.h"
#include "text/utf8.h"

#include <string.h>

#include <libxml/parser.h>

#define ATTRIBUTES_MAX 512u /* of one tag */
#define NAMESPACES_MAX 128u /* declared at one place of the document */
#define DEPTH_MAX 64u       /* of SpbeGuardLimit */

typedef struct walk {
    xmlParserCtxtPtr parser;
    unsigned depth, most;
    unsigned declared[DEPTH_MAX + 1]; /* namespaces, by the depth of the tag */
    unsigned namespaces;
    const char *limit; /* which one was broken */
    int doctype;
} walk_t;

static int has_ended(const walk_t *walk)
{
    return walk->doctype || walk->limit != NULL || !walk->parser->wellFormed ||
           !walk->parser->nsWellFormed;
}

/* Faults in namespaces do not end the parser, and each is written down. */
static void end_at_fault(const walk_t *walk)
{
    if (has_ended(walk)) {
        xmlStopParser(walk->parser);
    }
}

/* libxml2 hands over what was set as user data. */
static void on_start(void *data, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int namespaces,
                     const xmlChar **declared, int attributes, int defaulted,
                     const xmlChar **values)
{
    walk_t *walk = data;

    if (++walk->depth > walk->most || walk->depth > DEPTH_MAX) {
        walk->limit = "depth";
    }
    else {
        walk->declared[walk->depth] = (unsigned)namespaces;
        walk->namespaces += (unsigned)namespaces;
        if (walk->namespaces > NAMESPACES_MAX) {
            walk->limit = "xml-namespaces";
        }
    }
    end_at_fault(walk);
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    walk_t *walk = data;

    if (walk->depth > 0 && walk->depth <= DEPTH_MAX) {
        walk->namespaces -= walk->declared[walk->depth];
        walk->depth--;
    }
}

static void on_instruction(void *data, const xmlChar *target,
                           const xmlChar *content)
{
    end_at_fault(data);
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *public,
                       const xmlChar *system)
{
    walk_t *walk = data;

    walk->doctype = 1;
    end_at_fault(walk);
}

static xmlEntityPtr on_entity(void *data, const xmlChar *name)
{
    return xmlGetPredefinedEntity(name);
}

static void on_error(void *data, const char *message, ...)
{
}

static xmlParserCtxtPtr parser_for(walk_t *walk)
{
    xmlSAXHandler handler;
    xmlParserCtxtPtr parser;

    memset(&handler, 0, sizeof(handler));
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = on_start;
    handler.endElementNs = on_end;
    handler.processingInstruction = on_instruction;
    handler.internalSubset = on_doctype;
    handler.getEntity = on_entity;
    handler.warning = handler.error = on_error;
    parser = xmlCreatePushParserCtxt(&handler, walk, NULL, 0, NULL);
    if (parser != NULL) {
        xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR |
                                      XML_PARSE_NOWARNING);
    }
    return parser;
}

/* 1: well formed. */
static int parse(walk_t *walk, spbe_span_t text)
{
    size_t done = 0;
    int good;

    walk->parser = parser_for(walk);
    if (walk->parser == NULL) {
        return 0;
    }
    /* xmlParseChunk takes an int. */
    while (done < text.len && !has_ended(walk)) {
        size_t size = text.len - done < 65536 ? text.len - done : 65536;

        xmlParseChunk(walk->parser, text.ptr + done, (int)size, 0);
        done += size;
    }
    if (!has_ended(walk)) {
        xmlParseChunk(walk->parser, "", 0, 1);
    }
    good = walk->parser->wellFormed && walk->parser->nsWellFormed;
    if (walk->parser->myDoc != NULL) {
        xmlFreeDoc(walk->parser->myDoc);
        walk->parser->myDoc = NULL;
    }
    xmlFreeParserCtxt(walk->parser);
    return good;
}

/* encoding="..." of the declaration; empty. */
static spbe_span_t declared_encoding(spbe_span_t text)
{
    spbe_span_t rest;
    size_t at, end;
    char quote;

    if (!spbe_span_starts(text, SPBE_SPAN("<?xml"))) {
        return SPBE_SPAN_EMPTY;
    }
    rest = spbe_span_slice(text, 0, 512);
    rest = spbe_span_slice(rest, 0, spbe_span_find(rest, SPBE_SPAN("?>")));
    at = spbe_span_find(rest, SPBE_SPAN("encoding"));
    if (at == SPBE_NPOS) {
        return SPBE_SPAN_EMPTY;
    }
    rest = spbe_span_trim(spbe_span_slice(rest, at + 8, rest.len));
    rest = spbe_span_trim(spbe_span_slice(rest, 1, rest.len));
    quote = rest.len > 0 ? rest.ptr[0] : '"';
    rest = spbe_span_slice(rest, 1, rest.len);
    end = spbe_span_chr(rest, quote);
    return spbe_span_slice(rest, 0, end);
}

static void add(const spbe_reader_t *reader, spbe_reason_t reason,
                const char *detail)
{
    spbe_reading_add(reader, reason, SPBE_IN_REQUEST, SPBE_SPAN_EMPTY, detail);
}

/* 0: not to be parsed. */
static int check_charset(const spbe_reader_t *reader, spbe_span_t text)
{
    spbe_span_t encoding = declared_encoding(text);

    if (!spbe_utf8_valid(text) || spbe_span_chr(text, '\0') != SPBE_NPOS) {
        add(reader, SPBE_REASON_UTF8, "no UTF-8");
        return 0;
    }
    if (encoding.len > 0 && !spbe_reading_is_utf8_name(encoding) &&
        !(spbe_reading_is_ascii_like(encoding) &&
          spbe_reading_is_ascii(text))) {
        add(reader, SPBE_REASON_CHARSET, "declares another encoding");
        return 0;
    }
    return 1;
}

/* The parser's own view of it. */
static void judge(const spbe_reader_t *reader, spbe_span_t text)
{
    walk_t walk = {.most = (unsigned)spbe_limit_depth(reader->settings)};
    spbe_reason_t reason = spbe_reading_xml_tags(text, ATTRIBUTES_MAX);
    int good;

    if (reason != SPBE_REASON_NONE) {
        add(reader, reason,
            reason == SPBE_REASON_LIMIT ? "xml-attributes" : "not well formed");
        return;
    }
    good = parse(&walk, text);
    if (walk.doctype) {
        add(reader, SPBE_REASON_XML_ENTITY, "a document type");
    }
    else if (walk.limit != NULL) {
        add(reader, SPBE_REASON_LIMIT, walk.limit);
    }
    else if (!good) {
        add(reader, SPBE_REASON_XML, "not well formed");
    }
    else {
        reader->reading->broken = 0;
    }
}

void spbe_reading_xml(const spbe_reader_t *reader)
{
    spbe_reading_t *reading = reader->reading;
    spbe_span_t text = reading->view->body;

    if (reading->view->body_cut) {
        return;
    }
    if (spbe_span_starts(text, SPBE_SPAN("\xef\xbb\xbf"))) {
        text = spbe_span_slice(text, 3, text.len);
    }
    reading->broken = 1;
    if (check_charset(reader, text)) {
        judge(reader, text);
    }
}
