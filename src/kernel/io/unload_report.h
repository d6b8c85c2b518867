// SPDX-License-Identifier: Apache-2.0
// LoadSnapshot: what there was when a driver was loaded, so that its unload can say what there is more: pool by tag, handles, links.
#pragma once

#include <nt/ob.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pw::io {

class DriverObject;
class IoManager;

class LoadSnapshot {
public:
    // Before DriverEntry.
    explicit LoadSnapshot(IoManager& io);

    // Before DriverUnload: the names of the driver's devices, to which no link may lead afterwards.
    void note_devices(DriverObject& driver);
    // After DriverUnload, when nothing of the driver runs any more: a line of the report for pool that was allocated since and not
    // freed, by tag; for kernel handles that were opened since and not closed; for every symbolic link to one of the driver's
    // devices, which is removed. Another driver that was loaded meanwhile counts, too: without the verifier nobody knows whose
    // they are.
    void report(IoManager& io, DriverObject& driver) const;

private:
    struct Total {
        std::uint64_t blocks = 0;
        std::uint64_t bytes = 0;
    };
    using Pool = std::map<std::uint32_t, Total>;                    // by tag
    using Handles = std::map<const struct ::_OBJECT_TYPE*, std::uint64_t>;

    [[nodiscard]] static Pool pool_of(IoManager& io);
    [[nodiscard]] static Handles handles_of(IoManager& io);
    void report_pool(IoManager& io, const std::string& driver) const;
    void report_handles(IoManager& io, const std::string& driver) const;
    void report_links(IoManager& io, const std::string& driver) const;

    Pool pool_;
    Handles handles_;
    std::vector<std::u16string> devices_;  // upper-cased
};

}  // namespace pw::io
