// SPDX-License-Identifier: Apache-2.0
// NotifyRoutines: what drivers asked to be told of: processes and threads that come and go, images that are loaded.
#pragma once

#include <nt/ps_notify.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/lock.h"
#include "base/status.h"

namespace pw::ps {

class Process;
class Thread;

enum class NotifyKind : std::uint8_t {
    process,            // PsSetCreateProcessNotifyRoutine
    process_ex,         // …Ex, …Ex2
    thread,             // PsSetCreateThreadNotifyRoutine
    thread_non_system,  // …Ex with PsCreateThreadNotifyNonSystem
    image,              // PsSetLoadImageNotifyRoutine
    count,
};

class NotifyRoutines {
public:
    // STATUS_INVALID_PARAMETER when it is registered already, or 64 of its kind are. PASSIVE_LEVEL.
    [[nodiscard]] Status add(NotifyKind kind, const void* routine);
    // STATUS_PROCEDURE_NOT_FOUND. Waits until no call of the routine is under way: its code may go afterwards. Not from
    // within the routine. PASSIVE_LEVEL.
    [[nodiscard]] Status remove(NotifyKind kind, const void* routine);

    // The events; PASSIVE_LEVEL, on a kernel thread, no lock held. Nothing happens when nobody has asked.
    // A failing status: a routine does not want the process (PS_CREATE_NOTIFY_INFO::CreationStatus).
    [[nodiscard]] Status process_created(Process& process);
    void process_exited(Process& process);
    void thread_created(Thread& thread);
    void thread_exited(Thread& thread);
    void image_loaded(std::u16string_view name, std::uint32_t process_id, IMAGE_INFO& image);

    // Whether anybody listens to processes or threads; any IRQL.
    [[nodiscard]] bool has_listeners() const { return listeners_.load(std::memory_order_acquire) != 0; }
    // A routine that lies in a range: what a driver left behind. Null if there is none.
    [[nodiscard]] const void* find_in(std::uint64_t base, std::uint64_t length_bytes);

private:
    static constexpr std::size_t most_of_a_kind = 64;
    struct Entry {
        NotifyKind kind;
        const void* routine;
        std::atomic<std::uint32_t> calls{0};  // under way
    };
    template <typename Call>
    void call_each(NotifyKind kind, Call call);
    void thread_event(Thread& thread, bool is_created);

    Mutex lock_{LockRank::leaf};
    std::vector<std::shared_ptr<Entry>> entries_ PW_GUARDED_BY(lock_);
    std::atomic<std::uint32_t> listeners_{0};
};

}  // namespace pw::ps
