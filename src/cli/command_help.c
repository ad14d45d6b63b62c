/* command_help.c - `seawall help`. */
#include "cli/command.h"
#include "cli/rules_verbs.h"
#include "engine/hunt.h"
#include "formats/format.h"

#include <stdio.h>
#include <string.h>

static void print_all(void)
{
    size_t count;
    const struct command *commands = command_all(&count);

    puts("Seawall reads evidence, judges it by rules, and explains what it found and what it could "
         "not see.\n");
    for (size_t i = 0; i < count; i++)
        printf("  seawall %-8s %-26s %s\n", commands[i].name, commands[i].arguments,
               commands[i].about);
    puts("\nEVIDENCE is a file, a folder, or - for standard input; what it is, is told from its "
         "content.");
}

static void print_formats(void)
{
    size_t count;
    const struct format *const *formats = format_all(&count);

    puts("\nInput formats:");
    for (size_t i = 0; i < count; i++)
        printf("  %-9s %s\n", formats[i]->name, formats[i]->about);
}

static void print_outputs(void)
{
    size_t count;
    const struct output *const *outputs = output_all(&count);

    puts("\nOutput formats:");
    for (size_t i = 0; i < count; i++)
        printf("  %-9s %s\n", outputs[i]->name, outputs[i]->about);
}

int command_help(int argc, char **argv)
{
    if (argc < 2) {
        print_all();
        return command_end(EXIT_RAN);
    }
    const struct command *command = command_find(argv[1]);
    if (!command)
        return usage_error("", "there is no command '%s'", argv[1]);
    if (argc > 2)
        return usage_error("help", "help takes one command, not '%s' too", argv[2]);
    printf("usage: seawall %s%s%s\n\n%s\n", command->name, *command->arguments ? " " : "",
           command->arguments, command->about);
    if (command->run == command_search)
        puts("\nThe pattern is looked for in all values, without case; * and ? are wildcards, and "
             "with --regex it\n"
             "is an expression (PCRE2). Options are those of hunt that are not about rules: "
             "--output, --after,\n"
             "--before, --timezone, --threads, --memory, --temp, --sandbox.");
    if (command->run == command_hunt) {
        hunt_options_print();
        print_formats();
        print_outputs();
        puts("\nExit status: 0 it ran; 1 usage; 2 something named could not be read, or nothing "
             "could;\n"
             "3 --fail-on was reached; 4 an output could not be written; 130 interrupted.");
    } else if (command->run == command_rules) {
        rules_help_print();
    } else if (command->run == command_cat) {
        print_formats();
    }
    return command_end(EXIT_RAN);
}
