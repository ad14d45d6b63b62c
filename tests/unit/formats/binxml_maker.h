/* binxml_maker.h - for tests: BinXML put together token by token in a chunk. */
#ifndef BINXML_MAKER_H
#define BINXML_MAKER_H

#include "formats/evtx_priv.h"

#include <string.h>

static struct {
    uint8_t at[EVTX_CHUNK_BYTES];
    size_t len;
} made_chunk;

__attribute__((unused)) static void put_u8(unsigned value)
{
    made_chunk.at[made_chunk.len++] = (uint8_t)value;
}

__attribute__((unused)) static void put_u16(unsigned value)
{
    put_u8(value & 0xff);
    put_u8(value >> 8);
}

__attribute__((unused)) static void put_u32(size_t value)
{
    put_u16(value & 0xffff);
    put_u16(value >> 16 & 0xffff);
}

__attribute__((unused)) static void put_u64(uint64_t value)
{
    put_u32(value & 0xffffffff);
    put_u32(value >> 32);
}

__attribute__((unused)) static void put_bytes(const void *bytes, size_t len)
{
    memcpy(made_chunk.at + made_chunk.len, bytes, len);
    made_chunk.len += len;
}

/* ASCII as UTF-16. */
__attribute__((unused)) static void put_wide(const char *text)
{
    for (; *text; text++)
        put_u16((unsigned char)*text);
}

/* A name that stands right behind its offset. */
__attribute__((unused)) static void put_name(const char *name)
{
    put_u32(made_chunk.len + 4);
    put_u32(0);
    put_u16(0);
    put_u16((unsigned)strlen(name));
    put_wide(name);
    put_u16(0);
}

__attribute__((unused)) static void put_text(const char *text)
{
    put_u8(0x05);
    put_u8(EVTX_STRING);
    put_u16((unsigned)strlen(text));
    put_wide(text);
}

__attribute__((unused)) static void put_substitution(unsigned index)
{
    put_u8(0x0e);
    put_u16(index);
    put_u8(EVTX_STRING);
}

/* `dependency`: elements of templates have two bytes more. */
__attribute__((unused)) static void put_open(const char *name, bool dependency, bool attributes)
{
    put_u8(attributes ? 0x41 : 0x01);
    if (dependency)
        put_u16(0xffff);
    put_u32(0);
    put_name(name);
    if (attributes)
        put_u32(0);
}

__attribute__((unused)) static void put_attribute(const char *name)
{
    put_u8(0x06);
    put_name(name);
}

__attribute__((unused)) static void put_content(void)
{
    put_u8(0x02);
}

__attribute__((unused)) static void put_end(void)
{
    put_u8(0x04);
}

__attribute__((unused)) static void put_empty_end(void)
{
    put_u8(0x03);
}

/* An instance of the template whose definition begins at `definition`; 0: it follows here, and
 * end_definition closes it. */
__attribute__((unused)) static size_t put_instance(size_t definition)
{
    put_u8(0x0c);
    put_u8(0x01);
    put_u32(0);
    put_u32(definition ? definition : made_chunk.len + 4);
    if (definition)
        return definition;
    definition = made_chunk.len;
    put_u32(0);
    for (unsigned i = 0; i < 16; i++)
        put_u8(0);
    put_u32(0); /* the size */
    put_u32(0x0001010f);
    return definition;
}

__attribute__((unused)) static void end_definition(size_t definition)
{
    size_t end;

    put_u8(0);
    end = made_chunk.len;
    made_chunk.len = definition + 20;
    put_u32(end - definition - 24);
    made_chunk.len = end;
}

/* ---- the values that fill an instance ---- */

struct made_value {
    uint8_t type;
    uint16_t size;
    const void *bytes;
};

#define TEXT_VALUE(text)                                                                           \
    {                                                                                              \
        EVTX_STRING, sizeof(u"" text) - 2, u"" text                                                \
    }
#define BYTES_VALUE(type, bytes)                                                                   \
    {                                                                                              \
        (type), sizeof(bytes) - 1, bytes                                                           \
    }

/* Room for `count` descriptors; gives their place. The values follow in order. */
__attribute__((unused)) static size_t begin_values(unsigned count)
{
    put_u32(count);
    made_chunk.len += 4 * (size_t)count;
    return made_chunk.len - 4 * (size_t)count;
}

/* The value `index` reaches from `from` to here. */
__attribute__((unused)) static void end_value(size_t values, unsigned index, unsigned type,
                                              size_t from)
{
    size_t end = made_chunk.len;

    made_chunk.len = values + 4 * (size_t)index;
    put_u16((unsigned)(end - from));
    put_u16(type);
    made_chunk.len = end;
}

__attribute__((unused)) static void put_value(size_t values, unsigned index,
                                              struct made_value value)
{
    size_t from = made_chunk.len;

    put_bytes(value.bytes, value.size);
    end_value(values, index, value.type, from);
}

__attribute__((unused)) static void put_values(const struct made_value *list, unsigned count)
{
    size_t values = begin_values(count);

    for (unsigned i = 0; i < count; i++)
        put_value(values, i, list[i]);
}

/* ---- whole elements, without a template ---- */

__attribute__((unused)) static void put_plain(const char *name, const char *text)
{
    put_open(name, false, false);
    put_content();
    put_text(text);
    put_end();
}

/* `Data` with a Name and a text. */
__attribute__((unused)) static void put_plain_data(const char *name, const char *text)
{
    put_open("Data", false, true);
    put_attribute("Name");
    put_text(name);
    put_content();
    put_text(text);
    put_end();
}

/* ---- records and chunks ---- */

/* The head of a record; end_record closes it. */
__attribute__((unused)) static size_t put_record(uint64_t id)
{
    size_t at = made_chunk.len;

    put_u32(0x00002a2a);
    put_u32(0);
    put_u64(id);
    put_u64(0x01dd1a0000000000);
    put_u32(0x0001010f);
    return at;
}

__attribute__((unused)) static void end_record(size_t at)
{
    size_t size = made_chunk.len + 4 - at, end;

    put_u32(size);
    end = made_chunk.len;
    made_chunk.len = at + 4;
    put_u32(size);
    made_chunk.len = end;
}

/* A whole record: an event of one channel whose EventData has "a". */
__attribute__((unused)) static void put_plain_record(uint64_t id, const char *a)
{
    size_t record = put_record(id);

    put_open("Event", false, false);
    put_content();
    put_open("System", false, false);
    put_content();
    put_plain("Channel", "Test");
    put_plain("Computer", "host-01");
    put_end();
    put_open("EventData", false, false);
    put_content();
    put_plain_data("a", a);
    put_end();
    put_end();
    put_u8(0);
    end_record(record);
}

/* An empty chunk whose header says nothing yet; end_chunk writes it. */
__attribute__((unused)) static void begin_chunk(void)
{
    memset(&made_chunk, 0, sizeof(made_chunk));
    made_chunk.len = EVTX_CHUNK_HEADER_BYTES;
}

__attribute__((unused)) static void end_chunk(uint64_t first, uint64_t last)
{
    size_t end = made_chunk.len;

    made_chunk.len = 0;
    put_bytes("ElfChnk", 8);
    put_u64(first);
    put_u64(last);
    put_u64(first);
    put_u64(last);
    put_u32(128);
    put_u32(0);
    put_u32(end);
    made_chunk.len = end;
}

#endif
