// SPDX-License-Identifier: Apache-2.0
// A Partywall application as an ordinary Linux program: it forks, spawns and runs commands. What it shares with its kernel
// (heap, stacks, statics, views, VirtualAlloc) a forked child has as private copies of the moment of the fork.
#include <windows.h>

#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int Failures;
#define CHECK(expression)                                                      \
    do {                                                                       \
        if (!(expression)) {                                                   \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #expression);   \
            ++Failures;                                                        \
        }                                                                      \
    } while (0)

#define BYTES 20000

static char Data[BYTES] = "before";
static char Bss[BYTES];

typedef struct _MEMORY {
    volatile char *place[6];
} MEMORY;

static void Mark(const MEMORY *memory, char mark)
{
    for (int i = 0; i < 6; ++i) {
        memory->place[i][0] = mark;
        memory->place[i][BYTES - 1] = mark;
    }
}

static int HasMark(const MEMORY *memory, char mark)
{
    for (int i = 0; i < 6; ++i) {
        if (memory->place[i][0] != mark || memory->place[i][BYTES - 1] != mark) {
            fprintf(stderr, "place %d has '%c', not '%c'\n", i, memory->place[i][0], mark);
            return 0;
        }
    }
    return 1;
}

static int ExitCodeOf(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void AtExit(void) { Data[0] = '!'; /* in the child: its own copy */ }

// The two talk in turns: parent writes, child looks, child writes, parent looks.
static void ChildHasItsOwnMemory(void)
{
    char stack[BYTES];
    MEMORY memory;
    int to_child[2];
    int to_parent[2];
    char byte = 0;
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, BYTES, NULL);
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    memory.place[0] = malloc(BYTES);
    memory.place[1] = stack;
    memory.place[2] = Data;
    memory.place[3] = Bss;
    memory.place[4] = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    memory.place[5] = VirtualAlloc(NULL, BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(pipe(to_child) == 0 && pipe(to_parent) == 0);
    Mark(&memory, 'a');
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        const int kept = read(to_child[0], &byte, 1) == 1 && HasMark(&memory, 'a');
        Mark(&memory, 'c');
        const int other = write(to_parent[1], &byte, 1) == 1 && read(to_child[0], &byte, 1) == 1 && HasMark(&memory, 'c');
        // It is no client: its calls fail, and say so.
        SetLastError(0);
        const int refused = !SetEvent(event) && GetLastError() != 0;
        free((void *)memory.place[0]);
        void *again = malloc(100000);  // its allocator works
        exit(kept && other && refused && again != NULL ? 7 : 8);
    }
    Mark(&memory, 'p');
    CHECK(write(to_child[1], "x", 1) == 1);
    CHECK(read(to_parent[0], &byte, 1) == 1);
    CHECK(HasMark(&memory, 'p'));
    Mark(&memory, 'q');
    CHECK(write(to_child[1], "x", 1) == 1);
    CHECK(ExitCodeOf(child) == 7);
    CHECK(HasMark(&memory, 'q'));
    // The child's end was not this process's.
    CHECK(WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    CHECK(SetEvent(event));
    CHECK(WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    CHECK(VirtualFree((void *)memory.place[5], 0, MEM_RELEASE));
    CHECK(UnmapViewOfFile((void *)memory.place[4]));
    free((void *)memory.place[0]);
    close(to_child[0]);
    close(to_child[1]);
    close(to_parent[0]);
    close(to_parent[1]);
    CloseHandle(section);
    CloseHandle(event);
}

static void ChildrenEndInEveryWay(void)
{
    pid_t child = fork();
    if (child == 0) {
        _exit(3);
    }
    CHECK(ExitCodeOf(child) == 3);
    child = fork();
    if (child == 0) {
        abort();
    }
    CHECK(ExitCodeOf(child) == 1000 + SIGABRT);
    child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", "exit 4", (char *)NULL);
        _exit(127);
    }
    CHECK(ExitCodeOf(child) == 4);
    child = fork();
    if (child == 0) {
        const pid_t grandchild = fork();
        if (grandchild == 0) {
            _exit(5);
        }
        exit(ExitCodeOf(grandchild));
    }
    CHECK(ExitCodeOf(child) == 5);
}

static void CommandsRun(void)
{
    char *words[] = {"sh", "-c", "exit 6", NULL};
    char line[32] = "";
    pid_t child = -1;
    FILE *pipe;

    CHECK(posix_spawn(&child, "/bin/sh", NULL, NULL, words, environ) == 0);
    CHECK(ExitCodeOf(child) == 6);
    const int status = system("exit 9");
    CHECK(status == 9); /* as Microsoft's: the exit code itself */
    pipe = popen("echo spoken", "r");
    CHECK(pipe != NULL && fgets(line, sizeof(line), pipe) != NULL && strcmp(line, "spoken\n") == 0);
    CHECK(pipe != NULL && pclose(pipe) == 0);
}

static atomic_int Stop;

static void *Allocate(void *unused)
{
    char *blocks[64] = {NULL};

    for (unsigned i = 0; !atomic_load(&Stop); ++i) {
        const unsigned at = i % 64;
        free(blocks[at]);
        blocks[at] = malloc(16 + i % 5000);
        blocks[at][0] = (char)i;
    }
    for (unsigned i = 0; i < 64; ++i) {
        free(blocks[i]);
    }
    return unused;
}

// Forks while other threads are in the allocator: the child can allocate, nobody's heap suffers.
static void ForksBesideBusyThreads(void)
{
    pthread_t threads[3];

    for (int i = 0; i < 3; ++i) {
        CHECK(pthread_create(&threads[i], NULL, Allocate, NULL) == 0);
    }
    for (int i = 0; i < 20; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            for (int j = 0; j < 1000; ++j) {
                free(malloc((size_t)(j * 7)));
            }
            _exit(0);
        }
        CHECK(ExitCodeOf(child) == 0);
        HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
        CHECK(event != NULL && CloseHandle(event));
    }
    atomic_store(&Stop, 1);
    for (int i = 0; i < 3; ++i) {
        pthread_join(threads[i], NULL);
    }
}

int main(void)
{
    atexit(AtExit);
    ChildHasItsOwnMemory();
    ChildrenEndInEveryWay();
    CommandsRun();
    ForksBesideBusyThreads();
    printf("%d failures\n", Failures);
    return Failures > 100 ? 100 : Failures;
}
