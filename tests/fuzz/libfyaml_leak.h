/* libfyaml_leak.h - for harnesses that read YAML: libfyaml 0.7.12 loses memory on a quoted scalar
 * of many escaped quotes if the text turns out to be broken behind it. */
#ifndef FUZZ_LIBFYAML_LEAK_H
#define FUZZ_LIBFYAML_LEAK_H

/* Looked up by the sanitizer's library, so it has to be visible there. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so\n";
}

#endif
