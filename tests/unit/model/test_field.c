/* test_field.c */
#include "model/field.h"
#include "testkit.h"

TEST(names_are_interned_once)
{
    struct arena *arena = arena_new("test", 64 << 20);
    struct field_dictionary fields;

    fields_init(&fields, arena);
    uint16_t image = fields_add(&fields, STR("Image"));
    CHECK(fields_add(&fields, STR("image")) != image);
    CHECK_INT(fields_add(&fields, STR("Image")), image);
    CHECK_INT(fields.count, 2);
    fields_freeze(&fields);
    CHECK_INT(fields_find(&fields, STR("Image")), image);
    CHECK_INT(fields_find(&fields, STR("IMAGE")), FIELD_NONE);
    const struct field_ref *ref = fields_resolve(&fields, STR("Image"));
    CHECK(ref && ref->exact == image && ref->fallback_count == 1);
    ref = fields_resolve(&fields, STR("IMAGE"));
    CHECK(ref && ref->exact == FIELD_NONE && ref->fallback_count == 2);
    arena_free(arena);
}

TEST(case_is_folded_beyond_ascii)
{
    struct arena *arena = arena_new("test", 64 << 20);
    struct field_dictionary fields;

    fields_init(&fields, arena);
    fields_add(&fields, STR("Größe"));
    fields_freeze(&fields);
    CHECK(fields_resolve(&fields, STR("GRÖßE")) != NULL);
    CHECK(fields_resolve(&fields, STR("Grosse")) == NULL);
    arena_free(arena);
}
