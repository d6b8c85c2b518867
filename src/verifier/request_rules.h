// SPDX-License-Identifier: Apache-2.0
// RequestRules: what drivers may do with IRPs (README.md has the table), checked at every step.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "base/lock.h"
#include "kernel/io/request_observer.h"
#include "verifier/driver_images.h"
#include "verifier/irp_history.h"
#include "verifier/violation.h"

namespace pw::verifier {

class RequestRules final : public io::RequestObserver {
public:
    explicit RequestRules(const DriverImages& images) : images_(images) {}

    void allocated(PIRP irp, io::RequestKind kind) override;
    void freed(PIRP irp, bool is_by_driver) override;
    [[nodiscard]] std::uint64_t calling(PDEVICE_OBJECT device, PIRP irp) override;
    void returned(std::uint64_t call, NTSTATUS status) override;
    void completing(PIRP irp) override;
    void climbed(PIRP irp, const IO_STACK_LOCATION& passed, CCHAR level) override;
    void kept(PIRP irp, const void* routine) override;
    void cancelling(PIRP irp, PDRIVER_CANCEL routine) override;
    [[nodiscard]] std::string describe(PIRP irp) override;

    // IRPs that the driver has allocated and not freed: how many; their histories into *text, if given.
    [[nodiscard]] std::size_t leaked_by(const io::DriverObject& driver, std::string* text);

private:
    using Record = std::shared_ptr<IrpHistory>;
    struct Call;
    static constexpr std::size_t most_retired = 512;

    [[nodiscard]] IrpEvent event_here(IrpStep step) const;
    // The live record, made where there is none (an IRP in the driver's own memory).
    [[nodiscard]] Record& record_locked(PIRP irp) PW_REQUIRES(lock_);
    [[nodiscard]] Record find_locked(PIRP irp) const PW_REQUIRES(lock_);
    [[nodiscard]] Record find_retired_locked(PIRP irp) const PW_REQUIRES(lock_);
    [[noreturn]] void violate(ULONG code, ULONG_PTR kind, ULONG_PTR parameter, PIRP irp, std::string detail, const Record& record);

    const DriverImages& images_;
    Mutex lock_{LockRank::leaf};
    std::unordered_map<PIRP, Record> live_ PW_GUARDED_BY(lock_);
    std::deque<Record> retired_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::verifier
