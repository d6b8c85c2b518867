// SPDX-License-Identifier: Apache-2.0
// Names for clang's thread-safety attributes; empty for other compilers.
#pragma once

#if defined(__clang__)
#define PW_ATTRIBUTE(x) __attribute__((x))
#else
#define PW_ATTRIBUTE(x)
#endif

#define PW_CAPABILITY(name) PW_ATTRIBUTE(capability(name))
#define PW_SCOPED_CAPABILITY PW_ATTRIBUTE(scoped_lockable)
#define PW_GUARDED_BY(lock) PW_ATTRIBUTE(guarded_by(lock))
#define PW_PT_GUARDED_BY(lock) PW_ATTRIBUTE(pt_guarded_by(lock))
#define PW_REQUIRES(...) PW_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define PW_ACQUIRE(...) PW_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define PW_RELEASE(...) PW_ATTRIBUTE(release_capability(__VA_ARGS__))
#define PW_TRY_ACQUIRE(...) PW_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define PW_EXCLUDES(...) PW_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define PW_RETURN_CAPABILITY(x) PW_ATTRIBUTE(lock_returned(x))
#define PW_NO_THREAD_SAFETY_ANALYSIS PW_ATTRIBUTE(no_thread_safety_analysis)
