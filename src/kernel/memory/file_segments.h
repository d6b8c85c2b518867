// SPDX-License-Identifier: Apache-2.0
// FileSegments: which files are mapped in this kernel. Sections of one file share its segment, and so its frames.
#pragma once

#include <cstdint>
#include <map>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "platform/section_file.h"

namespace pw::mm {

class Segment;
class SystemWindow;

class FileSegments final {
public:
    explicit FileSegments(SystemWindow& window) : window_(window) {}

    // The segment of an open file, at least `length_bytes` long; the descriptor is duplicated. A writable descriptor and a
    // read-only one have a segment each. STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Result<Ref<Segment>> open(int descriptor, const platform::SectionFile& file, std::uint64_t length_bytes);
    // Whether a section or a view of the file is left: NT refuses to cut such a file off (STATUS_USER_MAPPED_FILE).
    [[nodiscard]] bool is_mapped(const platform::FileIdentity& file);

private:
    friend class Segment;
    void forget(const Segment& segment);  // by its destructor

    struct Key {
        platform::FileIdentity file;
        bool is_writable = false;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    SystemWindow& window_;
    Mutex lock_{LockRank::leaf};
    std::multimap<Key, Segment*> segments_ PW_GUARDED_BY(lock_);  // the longest that is alive is the one to use
};

}  // namespace pw::mm
