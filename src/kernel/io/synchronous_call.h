// SPDX-License-Identifier: Apache-2.0
// Sending an IRP down and waiting for it: the caller owns it again afterwards. IRQL <= APC_LEVEL.
#pragma once

#include <nt/io_inlines.h>

#include "base/status.h"

namespace pw::io {

// IoSynchronousCallDriver: the caller has set up the next stack location. Returns the final status.
[[nodiscard]] Status call_driver_synchronously(DEVICE_OBJECT& device, PIRP irp);
// IoForwardIrpSynchronously: copies the current location to the next one first. False when there is no next one; the IRP
// was not sent then. The result is in irp->IoStatus.
[[nodiscard]] bool forward_irp_synchronously(DEVICE_OBJECT& device, PIRP irp);

}  // namespace pw::io
