// SPDX-License-Identifier: Apache-2.0
// PoolRules: pool blocks by the driver that allocated them; what is left when it is unloaded is a leak.
#pragma once

#include <string>
#include <unordered_map>

#include "base/lock.h"
#include "kernel/memory/pool_observer.h"
#include "verifier/driver_images.h"

namespace pw::verifier {

class PoolRules final : public mm::PoolObserver {
public:
    explicit PoolRules(const DriverImages& images) : images_(images) {}

    // Blocks that no driver's frame is on the stack for are the system's own and not kept track of.
    void allocated(void* block, std::size_t bytes, std::uint32_t tag) override;
    void freeing(void* block) override;

    // Blocks that the driver has allocated and not freed: how many; into *text, if given, a line with a
    // stack for each of the first ones.
    [[nodiscard]] std::size_t leaked_by(const io::DriverObject& driver, std::string* text);
    void forget(const io::DriverObject& driver);

private:
    struct Block {
        std::size_t bytes;
        std::uint32_t tag;
        const io::DriverObject* driver;
        CallStack stack;
    };
    const DriverImages& images_;
    Mutex lock_{LockRank::leaf};
    std::unordered_map<void*, Block> blocks_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::verifier
