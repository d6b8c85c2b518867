// SPDX-License-Identifier: Apache-2.0
// UserSnapshots: what makes a driver's raw dereference of a client's own memory (a library's data, memory mapped by somebody
// else) work: pages of the host at the same addresses that hold a copy, for as long as the client's thread is in the kernel.
//
// A copy is made when the memory is probed or first touched, and written back, byte by byte where it differs, before every
// release (KeSetEvent, completion, blocking, the end of the call); after every wait it is dropped. Addresses that the host
// uses itself, or that are leased to another process, cannot be served: STATUS_ACCESS_VIOLATION, counted. A host whose
// clients are of several users leases nothing. Interlocked operations on a copy are atomic in the driver only.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/dispatcher/thread.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

class AddressSpace;
class BounceStatistics;
class Diagnostics;
class SystemRanges;
class SystemWindow;

class UserSnapshots {
public:
    UserSnapshots(SystemWindow& window, SystemRanges& system_ranges, BounceStatistics& bounces, Diagnostics& diagnostics)
        : window_(window), system_ranges_(system_ranges), bounces_(bounces), diagnostics_(diagnostics) {}
    ~UserSnapshots();
    UserSnapshots(const UserSnapshots&) = delete;
    UserSnapshots& operator=(const UserSnapshots&) = delete;

    // The leases of one thread, all of one process. Used by that thread only.
    class Holder final : public ke::Thread::MemoryHook {
    public:
        explicit Holder(UserSnapshots& owner) : owner_(owner) {}
        ~Holder() override;
        void before_release() override { owner_.flush(*this); }
        void after_wait() override;
        [[nodiscard]] bool is_empty() const { return starts_.empty(); }

    private:
        friend class UserSnapshots;
        UserSnapshots& owner_;
        Ref<AddressSpace> space_;
        std::vector<std::uint64_t> starts_;  // of its leases
    };
    // The holder of the calling thread if that is a thread of the process whose address space this is, below DISPATCH_LEVEL;
    // else nullptr: nobody else may wait for the client.
    [[nodiscard]] Holder* holder_for(AddressSpace& space);

    // Makes [address, +length) good for raw access: checks that the process has that access, takes the host's addresses and
    // copies the first pages; later ones come with resolve_fault(). May block on the client; no lock held, passive.
    // STATUS_ACCESS_VIOLATION.
    [[nodiscard]] Status lease(Holder& holder, AddressSpace& space, std::uint64_t address, std::uint64_t length_bytes,
                               bool write);
    // The thread touched an address at which nothing is. True: there is a copy now, try again.
    [[nodiscard]] bool resolve_fault(Holder& holder, AddressSpace& space, std::uint64_t address, bool write);
    // Writes what the driver changed back to the process. Does nothing at DISPATCH_LEVEL.
    void flush(Holder& holder);
    // Gives the thread's leases up; those that no other thread uses go. Without flush() changes are lost.
    void drop(Holder& holder);

    // A second user has come: from now on nothing is leased.
    void note_client_of(std::uint32_t trust_domain);
    [[nodiscard]] std::uint64_t leased_pages() const { return leased_pages_.load(std::memory_order_relaxed); }

    static constexpr std::uint64_t most_pages = 16384;  // leased in all: 64 MiB
    static constexpr std::uint64_t eager_pages = 16;    // copied at the probe

private:
    enum class PageState : std::uint8_t { empty, readable, writable };
    struct Lease {
        AddressSpace* space = nullptr;  // its holders keep it
        std::uint64_t pages = 0;
        std::uint32_t users = 0;
        Ref<Segment> segment;
        std::vector<PageState> states;
        std::vector<std::unique_ptr<unsigned char[]>> originals;  // of writable pages: what the process is known to hold
    };
    using Leases = std::map<std::uint64_t, Lease>;  // by first address

    [[nodiscard]] Status take(Holder& holder, AddressSpace& space, std::uint64_t first, std::uint64_t end);
    [[nodiscard]] Status fill(AddressSpace& space, std::uint64_t page, bool write);
    [[nodiscard]] Leases::iterator find_locked(std::uint64_t address) PW_REQUIRES(lock_);
    void flush_page(AddressSpace& space, std::uint64_t start, std::uint64_t index);
    [[nodiscard]] Status refuse(std::uint64_t length_bytes);

    SystemWindow& window_;
    SystemRanges& system_ranges_;
    BounceStatistics& bounces_;
    Diagnostics& diagnostics_;
    std::atomic<std::uint64_t> leased_pages_{0};
    std::atomic<std::uint64_t> first_client_{0};  // its trust domain + 1
    std::atomic<bool> several_users_{false};
    Mutex lock_{static_cast<LockRank>(52)};  // inside an address space's, outside of the window's; never held over a client
    Leases leases_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::mm
