// SPDX-License-Identifier: Apache-2.0
// CompletionNotice: how the issuer of a request is told of its end beyond status block and event: by a packet in the file's
// completion port, or by a user APC. All that it needs is reserved when the request starts.
#pragma once

#include <memory>

#include "base/result.h"
#include "kernel/io/completion_port.h"
#include "kernel/processes/thread.h"

namespace pw::io {

class FileObject;

// Which port a file's requests report to, and under which key. Set once in a file's life.
struct FileCompletion {
    Ref<CompletionPort> port;
    std::uint64_t key = 0;
};

class CompletionNotice final : private ps::QueuedUserApc {
public:
    struct Wish {
        std::uint64_t apc_routine = 0;  // 0: none
        std::uint64_t apc_context = 0;  // with a port and no routine: 0 keeps the packet back
        std::uint64_t status_block = 0;
    };
    // Null without an error: nobody wants to be told. STATUS_INVALID_PARAMETER: an APC routine for a file with a port, as
    // in NT. STATUS_QUOTA_EXCEEDED, STATUS_INSUFFICIENT_RESOURCES. PASSIVE_LEVEL, on the issuing thread.
    [[nodiscard]] static Result<std::unique_ptr<CompletionNotice>> prepare(ps::Thread& issuer, const FileObject& file,
                                                                           const Wish& wish);
    ~CompletionNotice() override;

    // The request has ended, and its status block is written. PASSIVE_LEVEL.
    static void deliver(std::unique_ptr<CompletionNotice> notice, const IO_STATUS_BLOCK& block);

    // False: the file wants no packet for a request that succeeded at once (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS).
    [[nodiscard]] bool wants_success_at_once() const { return !is_port_skipped_; }

private:
    CompletionNotice(ps::Thread& issuer, const Wish& wish);
    void left_queue() override { delete this; }

    Ref<ps::Thread> issuer_;
    Wish wish_;
    Ref<CompletionPort> port_;
    std::uint64_t key_ = 0;
    std::unique_ptr<PacketRoom> room_;
    bool is_port_skipped_ = false;
    bool is_counted_ = false;
};

}  // namespace pw::io
