/* SPDX-License-Identifier: Apache-2.0 */
#ifndef READ_WRITE_PUBLIC_H
#define READ_WRITE_PUBLIC_H

#define TEST_NAME "PwReadWrite" /* the frame's device: neither DO_BUFFERED_IO nor DO_DIRECT_IO; controls only */
#define BUFFERED_NAME "PwReadWriteBuffered"
#define DIRECT_NAME "PwReadWriteDirect"

/*
 * Both devices keep the bytes that were written last (at most STORE_BYTES; more fails with STATUS_INVALID_BUFFER_SIZE).
 * A read gives as many of them as are there and fit; with none there, it ends with STATUS_END_OF_FILE.
 */
#define STORE_BYTES 100000

#endif
