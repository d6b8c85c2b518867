// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/completion_notice.h"

#include <new>

#include "kernel/io/file.h"

namespace pw::io {

CompletionNotice::CompletionNotice(ps::Thread& issuer, const Wish& wish) : issuer_(&issuer), wish_(wish) {}

CompletionNotice::~CompletionNotice() {
    if (is_counted_) issuer_->owner().completion_packet_count.fetch_sub(1, std::memory_order_relaxed);
}

Result<std::unique_ptr<CompletionNotice>> CompletionNotice::prepare(ps::Thread& issuer, const FileObject& file,
                                                                    const Wish& wish) {
    const FileCompletion* const completion = file.completion();
    if (wish.apc_routine == 0 && (!completion || wish.apc_context == 0)) return std::unique_ptr<CompletionNotice>();
    if (wish.apc_routine != 0 && completion) return STATUS_INVALID_PARAMETER;
    std::unique_ptr<CompletionNotice> notice(new (std::nothrow) CompletionNotice(issuer, wish));
    if (!notice) return STATUS_INSUFFICIENT_RESOURCES;
    if (wish.apc_routine != 0) {
        // APCs that nobody takes are bounded like packets that nobody takes.
        auto& count = issuer.owner().completion_packet_count;
        if (count.fetch_add(1, std::memory_order_relaxed) >= max_packets_per_process) {
            count.fetch_sub(1, std::memory_order_relaxed);
            return STATUS_QUOTA_EXCEEDED;
        }
        notice->is_counted_ = true;
        return notice;
    }
    notice->room_ = PacketRoom::reserve(issuer.owner());
    if (!notice->room_) return STATUS_QUOTA_EXCEEDED;
    notice->port_ = completion->port;
    notice->key_ = completion->key;
    notice->is_port_skipped_ = (file.notification_modes() & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0;
    return notice;
}

void CompletionNotice::deliver(std::unique_ptr<CompletionNotice> notice, const IO_STATUS_BLOCK& block) {
    if (notice->room_) {
        notice->port_->post(std::move(notice->room_), {.key = notice->key_,
                                                       .apc_context = notice->wish_.apc_context,
                                                       .status = block.Status,
                                                       .information = block.Information});
        return;
    }
    notice->apc = {.kind = ps::UserApcKind::native,
                   .routine = notice->wish_.apc_routine,
                   .arguments = {notice->wish_.apc_context, notice->wish_.status_block, 0}};
    ps::UserApcQueue& queue = notice->issuer_->user_apcs;
    CompletionNotice* const raw = notice.release();
    // A thread that has ended takes nothing any more.
    if (!queue.insert(*raw)) delete raw;
}

}  // namespace pw::io
