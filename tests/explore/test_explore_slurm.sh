#!/bin/bash
# test_explore_slurm.sh - `synfire explore --slurm` on a real cluster: munged, slurmctld and one slurmd on this machine, started
# here, by whoever runs this, with a configuration and ports of their own, and stopped at the end. Skipped only where Slurm
# is not installed (Debian packages slurm-wlm, munge); daemons that do not come up are a failure.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh slurm
synfire=$root/build/synfire
PATH=$PATH:/usr/sbin
for tool in sbatch slurmctld slurmd sinfo munged; do
  command -v $tool >/dev/null || { echo "skipped: no $tool here (Debian packages slurm-wlm and munge)"; exit 77; }
done

chmod 755 "$work"
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null; done
  rm -rf "$work"
}
trap stop EXIT
mkdir -m 700 "$work/munge" "$work/state" "$work/spool"
(umask 077 && head -c 1024 /dev/urandom >"$work/munge/key")
chmod 711 "$work/munge"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" >"$work/munged.log" 2>&1 &
pids+=($!)
host=$(hostname -s)
free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # nobody listens there
ports=()
for port in $(shuf -i 20000-31999 -n 40); do
  free "$port" && ports+=("$port")
  [ ${#ports[@]} -lt 2 ] || break
done
cat >"$work/slurm.conf" <<CONF
ClusterName=synfire
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=2,batch_sched_delay=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
echo "CgroupPlugin=cgroup/v1" >"$work/cgroup.conf"
export SLURM_CONF=$work/slurm.conf
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done
slurmctld -D -c -f "$work/slurm.conf" >"$work/ctld.out" 2>&1 &
pids+=($!)
slurmd -D -f "$work/slurm.conf" -N "$host" >"$work/slurmd.out" 2>&1 &
pids+=($!)
for _ in $(seq 300); do [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && break; sleep 0.1; done
if [ "$(sinfo -h -o %t 2>/dev/null)" != idle ]; then
  tail -n 5 "$work"/*.out "$work"/*.log
  echo "the Slurm daemons do not come up here"
  exit 1
fi

export SYNFIRE_CACHE=$work/cache SYNFIRE_DATA=$root
json() { sed -n "s/^[[:space:]]*\"$1\":[[:space:]]*\"\{0,1\}\([^,\"]*\)\"\{0,1\},\{0,1\}$/\1/p" "$work/out"; }
counts() {
  local got
  got="$(json points) $(json ok) $(json failed) $(json error) $(json missing) $(json computed)"
  [ "$got" = "$*" ] || { echo "     points, ok, failed, error, missing, computed: $got, expected $*"; false; }
}
cat >"$work/s.json" <<'JSON'
{"format": "synfire-sweep", "version": 1, "steps": ["lint", "model"], "traffic": {"events": 6, "ticks": 20}, "limit_s": 120,
 "parameters": {"AXONS": 16, "NEURONS": 16, "NEURON_LANES": 1, "LANES": [1, 2, 4], "WEIGHT_BITS": [2, 4]},
 "grids": [{}, {"parameters": {"NEURONS": 24, "LANES": 16, "WEIGHT_BITS": 4}}]}
JSON
"$synfire" explore "$work/s.json" --slurm --json >"$work/out" 2>"$work/err"
holds "an array job: status 0" [ $? -eq 0 ]
holds "all points are there" counts 7 6 1 0 0 6
dir=$work/cache/explore/s
holds "they came from the array's tasks" [ "$(ls "$dir/slurm" | wc -l)" = 6 ]
holds "the job has a number" grep -qE '^[0-9]+$' "$dir/slurm.log"
holds "nothing ran beside it" [ ! -e "$dir/points" ]
sed -i 's/"LANES": \[1, 2, 4\]/"LANES": [1, 2, 4, 8]/' "$work/s.json"
"$synfire" explore "$work/s.json" --slurm -j 1 --slurm-options "--partition=all --nice=5" --json >"$work/out" 2>"$work/err"
holds "enlarged: status 0" [ $? -eq 0 ]
holds "enlarged: only what is new" counts 9 8 1 0 0 2
holds "-j is the array's limit" grep -q -- '--array=0-1%1' "$dir/slurm.sh"
sed -i 's/"LANES": \[1, 2, 4, 8\]/"LANES": [1, 2, 4, 8, 16]/' "$work/s.json"
"$synfire" explore "$work/s.json" --slurm --slurm-options "--partition=none" --json >"$work/out" 2>"$work/err"
holds "a partition that does not exist: status 2" [ $? -eq 2 ]
holds "a partition that does not exist: Slurm's own words" grep -qiE 'sbatch failed: .*partition' "$work/err"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] || tail -n 5 "$work"/*.log "$work/err"
[ $failed -eq 0 ]
