/* test_sql.c */
#include "attack_kit.h"
#include "web/sql_words.h"

static void judge_in_sql(struct str value, struct attack *attack)
{
    static struct sql_words words;

    sql_words_init(&words);
    judge_sql(&words, value, attack);
}

TEST(attacks_are_seen)
{
    static const char *const values[] = {
        "1' or '1'='1",
        "1 or 1=1",
        "-1 union select 1,2,3",
        "1) union all select null,null--",
        "x'; drop table users--",
        "1 and sleep(5)",
        "'||(select version())||'",
        "1' order by 10#",
        "admin'--",
        "1;waitfor delay '0:0:5'--",
        "(select(0)from(select(sleep(5)))v)",
        "1/**/union/**/select/**/1",
        "1/*!50000union*/ select 1",
        "1 and (select count(*) from information_schema.tables)>0",
        "1' and ascii(substring((select password from users limit 1),1,1))>64 and '1'='1",
        "1 having 1=1",
        "\") or (\"a\"=\"a",
        "1;exec xp_cmdshell 'dir'",
        "1 into outfile '/tmp/x'",
        "iif(1=1,1,1/0)",
    };

    CHECK_ATTACKS(judge_in_sql, values);
}

TEST(ordinary_texts_are_not)
{
    static const char *const values[] = {
        "select a colour",
        "the best of the union of two sets",
        "o'brien",
        "rock 'n' roll",
        "john and mary",
        "black or white",
        "l'arc-en-ciel",
        "drop me a line",
        "update your profile",
        "a = b",
        "where are you from",
        "1-2-3",
        "c/ san juan, 3 - 2",
        "what's up -- nothing",
        "group by the door",
        "insert coin",
        "5' 10\"",
        "50% off; today",
        "(see note)",
        "select all from the list of names",
        "order by phone",
        "i like it",
        "key=value",
        "n/a",
        "a--b",
    };

    CHECK_NO_ATTACKS(judge_in_sql, values);
}
