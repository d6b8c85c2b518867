/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - thread_pool: what driver and application agree on. */
#ifndef THREAD_POOL_PUBLIC_H
#define THREAD_POOL_PUBLIC_H

#define TEST_NAME "PwTestPool"

#endif
