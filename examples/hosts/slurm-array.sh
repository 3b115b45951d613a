#!/bin/bash
#SBATCH --job-name=dpcbench-w64
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --requeue
# One task for each part of a run: dpcbench run --shard I/N (docs/scale.md). A task that is queued
# again goes on from its journal. Afterwards:
#   dpcbench merge part-*.journal --json w64.json
set -eu
exec dpcbench run "${SCENARIO:-w64}" -n "${INTERRUPTS:-1G}" --quiet \
  --workers "${SLURM_CPUS_PER_TASK:-1}" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --journal "part-$SLURM_ARRAY_TASK_ID.journal"
