/* uuid.h - names as UUIDs (RFC 9562, version 5): the same name gives the same one. */
#ifndef CODEC_UUID_H
#define CODEC_UUID_H

#include "core/str.h"

#define UUID_TEXT_SIZE 37 /* with NUL */
#define UUID_BYTES 16

/* Of a name within a namespace, which is a UUID itself. */
void uuid_of_name(const uint8_t space[UUID_BYTES], struct str name, char out[UUID_TEXT_SIZE]);

#endif
