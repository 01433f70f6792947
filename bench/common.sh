# Sourced by the scripts beside it: finds the repository, builds llama.cpp, watches other processes.

set -uf # lists of options are words, not patterns
root=$(cd "$(dirname "$0")/.." && pwd -P)
cache=$root/bench/.cache
kvasir=$root/kvasir
llama_version=0.3.36
llama=$cache/llama-$llama_version/build/bin

default_models="smollm2-135m-instruct qwen2.5-coder-0.5b-instruct"

# usage: the comment on top of the script.
usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }

say() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; }
die() { say "$1"; exit 1; }

# need PROGRAM...: the first missing one ends the script.
need() {
  for program in "$@"; do
    command -v "$program" >/dev/null || die "needs $program, which is not on PATH"
  done
}

# fetch_llama DIR: unpacks the sdist of llama-cpp-python there; it carries llama.cpp's source.
fetch_llama() {
  mkdir -p "$1" || die "cannot write to $1"
  sdist=$1/llama_cpp_python-$llama_version.tar.gz
  fetch_from_index || fetch_with_pip "$1" ||
    die "cannot fetch llama-cpp-python $llama_version; put its sdist at $sdist"
  tar -xzf "$sdist" -C "$1" --strip-components=1 || die "cannot unpack $sdist"
}

# fetch_from_index: pip would first install what it takes to build the package, cmake included.
fetch_from_index() {
  [ ! -f "$sdist" ] || return 0
  url=$(curl -fsSL -H 'Accept: text/html' "${PIP_INDEX_URL:-https://pypi.org/simple}/llama-cpp-python/" |
    sed -n "s/.*href=\"\(http[^\"#]*llama_cpp_python-$llama_version\.tar\.gz\)[\"#].*/\1/p")
  [ -n "$url" ] && curl -fsSL -o "$sdist.part" "$url" && mv "$sdist.part" "$sdist"
}

# fetch_with_pip DIR: pip knows mirrors and proxies of its own.
fetch_with_pip() {
  python3 -m pip download -q --no-deps --no-binary llama-cpp-python -d "$1" \
    "llama-cpp-python==$llama_version" >&2
}

# build_llama: makes llama.cpp's programs for this CPU in $llama, once. Sources in place are kept.
build_llama() {
  [ ! -x "$llama/llama-quantize" ] || return 0
  need cmake c++
  home=$cache/llama-$llama_version
  mkdir -p "$cache" || die "cannot write to $cache"
  [ -d "$home/vendor/llama.cpp" ] || fetch_llama "$home"
  say "building llama.cpp (llama-cpp-python $llama_version) for this CPU; log: $cache/build.log"
  { cmake -S "$home/vendor/llama.cpp" -B "$home/build" -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON \
    -DLLAMA_CURL=OFF -DLLAMA_BUILD_TESTS=OFF &&
    cmake --build "$home/build" -j "$(nproc)" --target \
      llama-bench llama-completion llama-perplexity llama-quantize; } >"$cache/build.log" 2>&1 ||
    die "the build failed, see $cache/build.log: $(tail -n 1 "$cache/build.log")"
}

# model_file NAME|PATH: prints the path of a model, which is fetched when it is not here.
model_file() {
  case $1 in
    *.gguf) printf '%s\n' "$1" ;;
    *) "$kvasir" pull "$1" ;;
  esac
}

# begin_run: makes a folder for this run, $run, that goes when the script ends.
begin_run() {
  run=$cache/run.$$
  mkdir -p "$run" || die "cannot write to $run"
  trap 'rm -rf "$run"' EXIT
  trap 'exit 130' INT TERM
  build_kvasir
}

# build_kvasir: the launcher builds when it must.
build_kvasir() { "$kvasir" --version >/dev/null || exit; }

# java_home: prints the home of the JDK that the launcher takes.
java_home() {
  KVASIR_JAVA_OPTS=-XshowSettings:properties "$kvasir" --version 2>&1 | sed -n 's/^ *java\.home = //p'
}

# java_bench CLASS ARGUMENT...: runs a class of kvasir-bench.
java_bench() {
  "$(java_home)/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -Djava.awt.headless=true -cp "$root/kvasir-bench/target/classes:$root/kvasir-bench/target/lib/*" "$@"
}

# cpu_name: prints the processor's name.
cpu_name() { sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1; }

# ---- other processes -----------------------------------------------------------------------------

# cpu_times: prints jiffies of all processors together: busy, all; then those of our ended children.
cpu_times() {
  awk '
    FILENAME == "/proc/stat" && $1 == "cpu" { for (i = 2; i <= 9; i++) all += $i; busy = all - $5 - $6 }
    FILENAME != "/proc/stat" { own = $16 + $17 }
    END { printf "%.0f %.0f %.0f\n", busy, all, own }' /proc/stat "/proc/$$/stat"
}

# watch: begins to watch what others take of the processors.
watch() { [ ! -r /proc/stat ] || watched=$(cpu_times); }

# others: prints the share of all processors' time, in percent, that processes other than our ended
# children took since "watch"; "unknown" where the system does not tell.
others() {
  [ -r /proc/stat ] || { echo unknown; return 0; }
  printf '%s %s\n' "$watched" "$(cpu_times)" | awk '{
    all = $5 - $2
    taken = $4 - $1 - ($6 - $3)
    if (all <= 0) print "unknown"; else printf "%.1f\n", taken < 0 ? 0 : 100 * taken / all }'
}

# most_others is the share above which what was measured is measured again, repeats how often.
most_others=10
repeats=3

# quietly COMMAND...: runs a function that writes to $lines, again while others disturbed it; what
# the quietest run wrote is left in $lines, its disturbance in $disturbed.
quietly() {
  disturbed=
  for attempt in $(seq 0 "$repeats"); do
    : >"$lines"
    watch
    "$@" || die "failed: $*"
    share=$(others)
    if [ -z "$disturbed" ] || less "$share" "$disturbed"; then
      disturbed=$share
      cp "$lines" "$lines.best"
    fi
    less "$most_others" "$disturbed" || break
    [ "$attempt" -eq "$repeats" ] || say "other processes took $share % of the CPU: again"
  done
  mv "$lines.best" "$lines"
  if less "$most_others" "$disturbed"; then
    say "other processes never took less than $disturbed % of the CPU; the figures are disturbed"
  fi
}

# less A B: whether A < B, as numbers; "unknown" is less than nothing and nothing is less than it.
less() {
  case $1$2 in *unknown*) return 1 ;; esac
  awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'
}
