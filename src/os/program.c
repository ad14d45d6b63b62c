/* program.c - see program.h. The build ids stand in notes that are loaded with each object. */
#include "os/program.h"

#include "os/file.h"

#include <elf.h>
#include <link.h>
#include <string.h>

#define NOTE_ALIGNED(size) (((size) + 3u) & ~(size_t)3u)

/* The build id among the notes of a segment; empty where there is none. */
static struct str build_id(const char *notes, size_t size)
{
    ElfW(Nhdr) head;

    while (size >= sizeof(head)) {
        memcpy(&head, notes, sizeof(head));
        size_t name_size = NOTE_ALIGNED(head.n_namesz), id_size = NOTE_ALIGNED(head.n_descsz);
        if (name_size > size - sizeof(head) || id_size > size - sizeof(head) - name_size)
            break;
        const char *name = notes + sizeof(head);
        if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == 4 && memcmp(name, "GNU", 4) == 0)
            return (struct str){name + name_size, head.n_descsz};
        notes += sizeof(head) + name_size + id_size;
        size -= sizeof(head) + name_size + id_size;
    }
    return STR_EMPTY;
}

static void add_facts(struct buf *out, const char *path)
{
    struct file_facts facts;

    if (file_look(path, true, &facts) != ERR_NONE)
        return;
    buf_add_u64(out, facts.identity.inode);
    buf_add_char(out, ' ');
    buf_add_u64(out, facts.size);
    buf_add_char(out, ' ');
    buf_add_u64(out, (uint64_t)facts.changed_ns);
}

static int add_object(struct dl_phdr_info *object, size_t size, void *context)
{
    struct buf *out = context;
    struct str id = STR_EMPTY;
    (void)size;

    for (unsigned i = 0; i < object->dlpi_phnum && id.len == 0; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type == PT_NOTE) /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
            id = build_id((const char *)(object->dlpi_addr + segment->p_vaddr), segment->p_memsz);
    }
    buf_add(out, str_from(object->dlpi_name));
    buf_add_char(out, '\n');
    if (id.len > 0)
        buf_add(out, id);
    else
        add_facts(out, *object->dlpi_name ? object->dlpi_name : "/proc/self/exe");
    buf_add_char(out, '\n');
    return 0;
}

void program_identify(struct buf *out)
{
    dl_iterate_phdr(add_object, out);
}
