/*
 * Runs the kernel, translated to C by wasm2c, on one config block, and times nothing but the run.
 *
 *   kernel CONFIG [MEMORY]
 *
 * CONFIG is a file with the config block that src/kernel/pack.ts makes. Prints one line of JSON: the
 * duration of the run, the interrupts, and the address of the result block in linear memory, which is
 * written to the file MEMORY if that is named, for src/kernel/unpack.ts to read.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "kernel.h"

/* What src/kernel/simulate.ts passes: the end is in the block, and a chunk is a million interrupts. */
static const uint64_t MAX_TIME_NS = 1000000000000000;
static const uint32_t CHUNK_INTERRUPTS = 1000000;
enum { RUN_DONE = 0, RUN_MORE = 1 };

struct Z_env_instance_t { int unused; };

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
static void readConfig(Z_kernel_instance_t *kernel, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail(path);
  const long bytes = ftell(file);
  rewind(file);
  const u32 address = Z_kernelZ_reserve(kernel, (u32)bytes);
  if (bytes <= 0 || address == 0) fail("no room for the config block");
  uint8_t *block = Z_kernelZ_memory(kernel)->data + address;
  if (fread(block, 1, (size_t)bytes, file) != (size_t)bytes) fail(path);
  fclose(file);
}

/* Pages of nothing become holes of the file: most of a large machine's histograms are empty. */
static void writeMemory(Z_kernel_instance_t *kernel, const char *path) {
  enum { PAGE_BYTES = 65536 };
  static const uint8_t nothing[PAGE_BYTES];
  const wasm_rt_memory_t *memory = Z_kernelZ_memory(kernel);
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

int main(int argc, char **argv) {
  static Z_kernel_instance_t kernel;
  if (argc < 2) {
    fprintf(stderr, "usage: kernel CONFIG [MEMORY]\n");
    return 2;
  }
  wasm_rt_init();
  Z_kernel_init_module();
  Z_kernel_instantiate(&kernel);
  readConfig(&kernel, argv[1]);
  const u32 refused = Z_kernelZ_initialise(&kernel);
  if (refused != 0) {
    fprintf(stderr, "the kernel refused its config block (status %u)\n", refused);
    return 1;
  }
  const double startMs = nowMs();
  u32 status = RUN_MORE;
  while (status == RUN_MORE) status = Z_kernelZ_run(&kernel, MAX_TIME_NS, CHUNK_INTERRUPTS);
  const double ms = nowMs() - startMs;
  if (status != RUN_DONE) {
    fprintf(stderr, "the run ended with status %u\n", status);
    return 1;
  }
  const u32 address = Z_kernelZ_finish(&kernel);
  if (argc > 2) writeMemory(&kernel, argv[2]);
  printf("{\"ms\": %.6f, \"interrupts\": %llu, \"address\": %u}\n", ms,
         (unsigned long long)Z_kernelZ_arrivals(&kernel), address);
  return 0;
}
