/* test_request.c */
#include "web/request.h"

#include "testkit.h"

static struct web_tables tables;
static struct request_attack found[ATTACK_CLASSES];

static uint32_t judge(const char *target, const char *agent, const char *referrer)
{
    const struct request request = {
        .target = str_from(target), .agent = str_from(agent), .referrer = str_from(referrer)};

    web_tables_init(&tables);
    return request_judge(&tables, &request, found);
}

TEST(each_place_is_looked_at)
{
    CHECK_INT(judge("/a?b=1%27%20or%20%271%27=%271", "-", "-"), 1);
    CHECK_INT(found[0].kind, ATTACK_SQL);
    CHECK_INT(found[0].part, REQUEST_PARAMETER);
    CHECK_STR(found[0].text, "1%27%20or%20%271%27=%271");
    CHECK_INT(judge("/a/%2e%2e/%2e%2e/etc/passwd", "", ""), 1);
    CHECK_INT(found[0].part, REQUEST_PATH);
    CHECK_INT(judge("/", "() { :;}; /bin/id", "-"), 1);
    CHECK_INT(found[0].kind, ATTACK_COMMAND);
    CHECK_INT(found[0].part, REQUEST_AGENT);
    CHECK_INT(judge("/", "-", "http://x/?q=<script>alert(1)</script>"), 1);
    CHECK_INT(found[0].part, REQUEST_REFERRER);
    CHECK_INT(judge("/?<script>alert(1)</script>=1", "-", "-"), 1);
    CHECK_STR(request_part_name(found[0].part), "a parameter");
    CHECK_INT(judge("http://proxied/../../x/../../etc/shadow", "-", "-"), 1);
}

TEST(several_classes_of_one_request)
{
    CHECK_INT(judge("/?a=1%20union%20select%201&b=<script>&c=${jndi:ldap://x/y}", "-", "-"), 4);
    CHECK_INT(found[0].kind, ATTACK_SQL);
    CHECK_INT(found[1].kind, ATTACK_SCRIPT);
}

TEST(ordinary_requests_have_none)
{
    CHECK_INT(judge("/", "Mozilla/5.0 (X11; Linux x86_64; rv:1.0) Gecko", "-"), 0);
    CHECK_INT(judge("/search?q=black+or+white&lang=en&page=2", "curl/8.0", "https://example.org/"),
              0);
    CHECK_INT(judge("", "", ""), 0);
    CHECK_INT(judge("-", "-", "-"), 0);
    CHECK_INT(judge("*", "-", "-"), 0);
    CHECK_INT(judge("/a?&&==&=", "-", "-"), 0);
    CHECK_INT(judge("/a?C=N;O=D", "-", "http://www.example.org/search?q=select+a+plan"), 0);
}
