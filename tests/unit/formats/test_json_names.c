/* test_json_names.c - the names of members, learned once, and their paths. */
#include "testkit.h"

#include "event_reader.h"
#include "formats/json_priv.h"

static struct json_names names;

static void begin(enum json_shape shape)
{
    add_fields();
    json_names_init(&names, shape, &made.fields);
}

static void end(void)
{
    json_names_free(&names);
    arena_free(made.fields_arena);
    memset(&made, 0, sizeof(made));
}

static struct json_name *child(const struct json_name *parent, const char *key)
{
    return json_names_child(&names, names.root, parent, str_from(key), false);
}

TEST(a_name_is_the_same_each_time)
{
    begin(JSON_SHAPE_OTHER);
    struct json_name *user = child(names.root, "user");
    struct json_name *name = json_names_child(&names, user, user, STR("name"), false);
    CHECK(child(names.root, "user") == user);
    CHECK(json_names_child(&names, user, user, STR("name"), false) == name);
    CHECK(child(user, "name") == name);
    CHECK(child(names.root, "name") != name);
    CHECK_INT(names.count, 3);
    end();
}

TEST(a_name_knows_its_path_and_whom_it_serves)
{
    begin(JSON_SHAPE_OTHER);
    struct json_name *name = child(child(names.root, "user"), "name");
    CHECK_STR(name->path, "user.name");
    CHECK_INT(name->ref_count, 1);
    CHECK_INT(name->refs[0]->exact, fields_find(&made.fields, STR("user.name")));
    CHECK_INT(child(names.root, "nobody")->ref_count, 0);
    end();
}

TEST(what_came_next_last_time_is_tried_first)
{
    begin(JSON_SHAPE_OTHER);
    struct json_name *first = child(names.root, "x");
    struct json_name *second = json_names_child(&names, first, names.root, STR("y"), false);
    CHECK(first->follow == second);
    struct json_name *third = json_names_child(&names, first, names.root, STR("z"), false);
    CHECK(first->follow == third);
    CHECK(json_names_child(&names, first, first, STR("z"), false) != third);
    end();
}

TEST(escaped_names_are_plain_inside)
{
    begin(JSON_SHAPE_OTHER);
    struct json_name *name = json_names_child(&names, names.root, names.root, STR("\\u0061"), true);
    CHECK_STR(name->key, "\\u0061");
    CHECK_STR(name->plain, "a");
    CHECK_STR(name->path, "a");
    CHECK_INT(name->ref_count, 1);
    end();
}

TEST(long_names_and_paths_serve_nobody)
{
    static char text[1100];

    begin(JSON_SHAPE_OTHER);
    memset(text, 'x', sizeof(text));
    struct str fits = {text, 1024}, too_long = {text, 1025};
    struct json_name *one = json_names_child(&names, names.root, names.root, fits, false);
    CHECK(one != names.nameless);
    CHECK(json_names_child(&names, one, names.root, too_long, false) == names.nameless);
    struct json_name *two = json_names_child(&names, one, one, fits, false);
    CHECK(two != names.nameless);
    CHECK(json_names_child(&names, two, two, fits, false) == names.nameless);
    CHECK(json_names_child(&names, two, names.nameless, STR("a"), false) == names.nameless);
    CHECK_INT(names.nameless->ref_count, 0);
    end();
}

TEST(too_many_names_are_forgotten_between_records)
{
    char key[16];

    begin(JSON_SHAPE_OTHER);
    struct json_name *name = names.root;
    for (unsigned i = 0; name != names.nameless && i < 100000; i++) {
        snprintf(key, sizeof(key), "k%u", i);
        name = child(names.root, key);
    }
    CHECK(name == names.nameless);
    CHECK_INT(names.count, 32768);
    CHECK_STR(child(names.root, "k5")->plain, "k5");
    json_names_renew(&names);
    CHECK_INT(names.count, 0);
    CHECK_STR(child(names.root, "a")->path, "a");
    json_names_renew(&names);
    CHECK_INT(names.count, 1);
    end();
}

TEST(roles_and_hints_come_from_the_shape)
{
    begin(JSON_SHAPE_FLAT);
    struct json_name *name = child(names.root, "MachineName");
    CHECK_INT(name->role, JSON_ROLE_HOST);
    CHECK_INT(name->refs[0]->exact, fields_find(&made.fields, STR("Computer")));
    CHECK_INT(child(names.root, "TimeCreated")->role, JSON_ROLE_TIME);
    CHECK_INT(child(names.root, "EventID")->hint, JSON_HINT_EVENT_ID);
    CHECK_INT(child(names.root, "Image")->hint, 0);
    end();
}
