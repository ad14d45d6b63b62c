/* test_uuid.c */
#include "codec/uuid.h"
#include "testkit.h"

/* The example of RFC 9562, appendix A.4: "www.example.com" among names of the DNS. */
TEST(a_name_has_its_uuid)
{
    static const uint8_t dns[] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                  0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    char text[UUID_TEXT_SIZE];

    uuid_of_name(dns, STR("www.example.com"), text);
    CHECK_STR(str_from(text), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    uuid_of_name(dns, STR_EMPTY, text);
    CHECK_INT(strlen(text), 36);
}
