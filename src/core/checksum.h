/* checksum.h - tells damage, fast: some eight bytes per cycle. Whoever wants to can make bytes that
 * have the sum they like; where that matters, codec/sha256.h. */
#ifndef CORE_CHECKSUM_H
#define CORE_CHECKSUM_H

#include "core/compiler.h"

uint64_t checksum(const void *bytes, size_t len);

#endif
