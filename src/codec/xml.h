/* xml.h - reading XML on demand: a pull parser over one whole text in memory (XML 1.0).
 *
 * Names, attributes and texts are handed out as slices of the input; texts with references still
 * stand as they are written, to be unescaped by the caller who wants them. Comments and processing
 * instructions are passed over, CDATA is text. There are no declarations: a document type is
 * refused, so that no entity but the five of XML has a meaning and nothing can be expanded. */
#ifndef CODEC_XML_H
#define CODEC_XML_H

#include "core/buf.h"

#define XML_DEPTH_MAX 64

enum xml_kind {
    XML_OPEN,  /* text: the element's name */
    XML_CLOSE, /* also of an element that is written as `<a/>` */
    XML_TEXT,  /* text between tags; `escaped`: holds references */
    XML_DONE,  /* the root element was closed */
    XML_BROKEN /* `why` of the reader says what */
};

struct xml_token {
    enum xml_kind kind;
    bool escaped;
    struct str text;
    struct str attributes; /* of XML_OPEN, for xml_attribute_next */
};

struct xml_reader {
    struct str rest;
    const char *why; /* static */
    uint32_t depth;
    bool begun, close_next;
    struct str open[XML_DEPTH_MAX]; /* names of the open elements */
};

struct xml_attribute {
    struct str name, value; /* the value as it is written between its quotes */
    bool escaped;
};

void xml_open(struct xml_reader *reader, struct str text);
struct xml_token xml_next(struct xml_reader *reader);
/* Takes the next attribute of an element; false when there is none left. They were checked. */
bool xml_attribute_next(struct str *attributes, struct xml_attribute *attribute);

/* Replaces the five entities and character references in `out`, which has room for s.len bytes.
 * Returns the bytes written. What is none of them stays as it is written. */
size_t xml_unescape(struct str s, char *out);

#endif
