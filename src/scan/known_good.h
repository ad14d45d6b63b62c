/* known_good.h - files as they were delivered: by content, and by path.
 *
 * The list is filled once and then only read, by any number of threads. */
#ifndef SCAN_KNOWN_GOOD_H
#define SCAN_KNOWN_GOOD_H

#include "core/arena.h"

enum known_state {
    KNOWN_NOTHING, /* nothing is known of files around it */
    KNOWN_SAME,    /* it is one of the files */
    KNOWN_CHANGED, /* it stands where one of them stands, and differs */
    KNOWN_ADDED    /* its folder is known, and holds no such file */
};

struct known_good;

struct known_good *known_good_new(void);
void known_good_free(struct known_good *known); /* accepts NULL */

/* A file of a clean copy; `path` with the name of the copy in front: "wordpress/wp-login.php". */
void known_good_add_file(struct known_good *known, struct str path, struct str bytes);
/* A list as md5sum, sha1sum and sha256sum print it and dpkg keeps it ("DIGEST  PATH"). Returns how
 * many files it names; 0: it is no such list. */
uint32_t known_good_add_list(struct known_good *known, struct str text);
uint32_t known_good_count(const struct known_good *known);

/* `path`: empty where only the content may be compared. *original is the path that a changed file
 * should be; it lives as long as the list. */
enum known_state known_good_compare(const struct known_good *known, struct str path,
                                    struct str bytes, struct str *original);

#endif
