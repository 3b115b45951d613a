/*
 * Runs the kernel, translated to C by wasm2c, on one config block, and times nothing but the run.
 *
 *   kernel CONFIG [MEMORY]
 *
 * It runs twice, as it does from TypeScript: the second time in the wiped memory of the first,
 * whose pages are there then, and that run is timed.
 *
 * CONFIG is a file with the config block that src/kernel/pack.ts makes. Prints one line of JSON:
 * the duration of the run, the interrupts, and the address of the result block in linear memory,
 * which is written to the file MEMORY if that is named, for src/kernel/unpack.ts to read.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "kernel.h"

/* What src/kernel/simulate.ts passes: the end is in the block, and a chunk is a million
 * interrupts. */
static const uint64_t MAX_TIME_NS = 1000000000000000;
static const uint32_t CHUNK_INTERRUPTS = 1000000;
enum { RUN_DONE = 0, RUN_MORE = 1, PAGE_BYTES = 65536 };

/* What the kernel imports: its memory. A kernel that asserts nothing leaves out `abort`. */
struct Z_env_instance_t { wasm_rt_memory_t memory; };

wasm_rt_memory_t *Z_envZ_memory(struct Z_env_instance_t *env) { return &env->memory; }

void Z_envZ_abort(struct Z_env_instance_t *env, u32 message, u32 file, u32 line, u32 column) {
  (void)env, (void)message, (void)file;
  fprintf(stderr, "the kernel's invariant at line %u, column %u does not hold\n", line, column);
  exit(1);
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec * 1e-6;
}

/* Copies the file into a block that the kernel reserves for it. */
static void readConfig(Z_kernel_instance_t *kernel, wasm_rt_memory_t *memory, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail(path);
  const long bytes = ftell(file);
  rewind(file);
  const u32 address = Z_kernelZ_reserveConfig(kernel, (u32)bytes);
  if (bytes <= 0 || address == 0) fail("no room for the config block");
  if (fread(memory->data + address, 1, (size_t)bytes, file) != (size_t)bytes) fail(path);
  fclose(file);
}

/* Pages of nothing become holes of the file: most of a large machine's histograms are empty. */
static void writeMemory(const wasm_rt_memory_t *memory, const char *path) {
  static const uint8_t nothing[PAGE_BYTES];
  FILE *file = fopen(path, "wb");
  if (file == NULL) fail(path);
  for (uint64_t at = 0; at < memory->size; at += PAGE_BYTES) {
    const uint8_t *page = memory->data + at;
    if (memcmp(page, nothing, PAGE_BYTES) == 0) continue;
    if (fseek(file, (long)at, SEEK_SET) != 0) fail(path);
    if (fwrite(page, 1, PAGE_BYTES, file) != PAGE_BYTES) fail(path);
  }
  if (fflush(file) != 0 || ftruncate(fileno(file), (off_t)memory->size) != 0) fail(path);
  if (fclose(file) != 0) fail(path);
}

/* Room for 4 GiB at the address that the translated loads and stores name; it is used as it
 * grows. */
static void reserveMemory(wasm_rt_memory_t *memory) {
  const uint64_t room = (uint64_t)2 << 32;
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  void *at = mmap(KERNEL_MEMORY, room, PROT_NONE, flags, -1, 0);
  if (at != KERNEL_MEMORY) fail("mmap");
  if (mprotect(at, PAGE_BYTES, PROT_READ | PROT_WRITE) != 0) fail("mprotect");
  memory->data = at;
  memory->pages = 1;
  memory->max_pages = 65536;
  memory->size = PAGE_BYTES;
}

/* Sets a machine up from the config block. */
static void start(Z_kernel_instance_t *kernel, struct Z_env_instance_t *env, const char *config) {
  Z_kernel_instantiate(kernel, env);
  readConfig(kernel, &env->memory, config);
  const u32 refused = Z_kernelZ_startShard(kernel);
  if (refused == 0) return;
  fprintf(stderr, "the kernel refused its config block (status %u)\n", refused);
  exit(1);
}

static double runMs(Z_kernel_instance_t *kernel) {
  const double startMs = nowMs();
  u32 status = RUN_MORE;
  while (status == RUN_MORE) status = Z_kernelZ_runShard(kernel, MAX_TIME_NS, CHUNK_INTERRUPTS);
  const double ms = nowMs() - startMs;
  if (status == RUN_DONE) return ms;
  fprintf(stderr, "the run ended with status %u\n", status);
  exit(1);
}

int main(int argc, char **argv) {
  static struct Z_env_instance_t env;
  static Z_kernel_instance_t first, kernel;
  if (argc < 2) {
    fprintf(stderr, "usage: kernel CONFIG [MEMORY]\n");
    return 2;
  }
  wasm_rt_init();
  Z_kernel_init_module();
  reserveMemory(&env.memory);
  start(&first, &env, argv[1]);
  runMs(&first);
  Z_kernelZ_endShard(&first);
  Z_kernelZ_collectSeries(&first);
  Z_kernelZ_wipeMemory(&first);
  start(&kernel, &env, argv[1]);
  const double ms = runMs(&kernel);
  Z_kernelZ_endShard(&kernel);
  const u32 address = Z_kernelZ_collectSeries(&kernel);
  if (argc > 2) writeMemory(&env.memory, argv[2]);
  printf("{\"ms\": %.6f, \"interrupts\": %llu, \"address\": %u}\n", ms,
         (unsigned long long)Z_kernelZ_arrivals(&kernel), address);
  return 0;
}
