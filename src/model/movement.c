/* movement.c - names of the kinds of logons. */
#include "model/movement.h"

static const struct str names[LOGON_KINDS] = {
    [LOGON_INTERACTIVE] = STR_INIT("interactive"),
    [LOGON_NETWORK] = STR_INIT("network"),
    [LOGON_REMOTE] = STR_INIT("remote desktop"),
    [LOGON_SERVICE] = STR_INIT("service"),
    [LOGON_BATCH] = STR_INIT("batch"),
    [LOGON_UNLOCK] = STR_INIT("unlock"),
    [LOGON_EXPLICIT] = STR_INIT("explicit credentials"),
    [LOGON_KERBEROS] = STR_INIT("Kerberos"),
    [LOGON_NTLM] = STR_INIT("NTLM"),
    [LOGON_SSH] = STR_INIT("SSH"),
    [LOGON_OTHER] = STR_INIT("other"),
};

struct str logon_kind_name(enum logon_kind kind)
{
    return names[kind];
}
