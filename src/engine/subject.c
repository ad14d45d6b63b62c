/* subject.c - see subject.h. */
#include "engine/subject.h"

#include "scan/script_judge.h"
#include "web/web_event.h"

static bool is_known_indicator(const struct subjects *subjects, uint64_t index)
{
    return subjects->indicators && index < indicator_set_count(subjects->indicators);
}

bool subject_exists(const struct subjects *subjects, const struct sighting *sighting)
{
    if (sighting->kind == SIGHTING_INDICATOR)
        return is_known_indicator(subjects, sighting->rule_key);
    if (sighting->kind == SIGHTING_WEB)
        return sighting->rule_key < WEB_SUBJECTS;
    if (sighting->kind == SIGHTING_SCRIPT)
        return sighting->rule_key < SCRIPT_SUBJECTS;
    return knowledge_rule(subjects->knowledge, sighting->rule_key);
}

static struct subject subject_of_script(uint32_t number, struct arena *arena)
{
    const struct script_subject_facts script = script_subject(number);
    struct str *techniques = ARENA_ARRAY(arena, struct str, 1);

    techniques[0] = script.attack;
    return (struct subject){.kind = FINDING_FILE,
                            .id = script.id,
                            .title = script.title,
                            .level = script.level,
                            .attack = {techniques, 1}};
}

static struct subject subject_of_attack(uint32_t number, struct arena *arena)
{
    const struct web_subject attack = web_subject(number);
    struct str *techniques = ARENA_ARRAY(arena, struct str, attack.attack_count);

    for (uint32_t i = 0; i < attack.attack_count; i++)
        techniques[i] = attack.attack[i];
    return (struct subject){.kind = FINDING_ANALYTIC,
                            .id = attack.id,
                            .title = attack.title,
                            .level = attack.level,
                            .attack = {techniques, attack.attack_count}};
}

static struct subject subject_of_rule(const struct sigma_rule *rule, enum finding_kind kind)
{
    return (struct subject){.kind = kind,
                            .id = rule->id,
                            .title = rule->title,
                            .level = rule->level,
                            .attack = {rule->techniques, rule->technique_count}};
}

bool subject_find(const struct subjects *subjects, const struct sighting *sighting,
                  struct arena *arena, struct subject *subject)
{
    struct indicator indicator;
    bool expired;

    if (!subject_exists(subjects, sighting))
        return false;
    if (sighting->kind == SIGHTING_WEB) {
        *subject = subject_of_attack((uint32_t)sighting->rule_key, arena);
        return true;
    }
    if (sighting->kind == SIGHTING_SCRIPT) {
        *subject = subject_of_script((uint32_t)sighting->rule_key, arena);
        return true;
    }
    if (sighting->kind != SIGHTING_INDICATOR) {
        *subject =
            subject_of_rule(knowledge_rule(subjects->knowledge, sighting->rule_key),
                            sighting->kind == SIGHTING_RULE ? FINDING_RULE : FINDING_CORRELATION);
        return true;
    }
    uint32_t index = (uint32_t)sighting->rule_key;
    indicator_set_describe(subjects->indicators, index, arena, &indicator);
    *subject = (struct subject){.kind = FINDING_INDICATOR,
                                .id = indicator.id,
                                .title = indicator.title,
                                .level = indicator_set_level(subjects->indicators, index,
                                                             sighting->has_time, sighting->time_ns,
                                                             &expired),
                                .attack = {indicator.attack, indicator.attack_count}};
    return true;
}
