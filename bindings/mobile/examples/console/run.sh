#!/usr/bin/env bash
# Builds the console app against the installed jar of copkit, and runs the README's example and a conversation with it.
set -euo pipefail
cd "$(dirname "$0")"
workspace=$(cd ../../../.. && pwd)
mkdir -p target/readme
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The README's Kotlin, word for word, in a package so that there are not two `main`s.
{ echo "package readme"; awk '/^```kotlin$/ { on = 1; next } /^```$/ { on = 0 } on' "$workspace/README.md"; } >target/readme/Readme.kt
mvn -q -B compile
run() { (cd "$folder" && mvn -q -B -f "$OLDPWD/pom.xml" exec:java "-Dexec.mainClass=$1" "-Dexec.args=${2:-}"); }
run readme.ReadmeKt | tee "$folder/readme.txt"
grep -qF "1 Fraction strips on a number line" "$folder/readme.txt" || { echo "the README example did not say what it found"; exit 1; }
run PocketKt "$folder/pocket.cop" <<'SAID' | tee "$folder/said.txt"
team Discourse
goal Every student explains
goal
goals
search every stu
standby
search every stu
resume
undo
goals
quit
SAID
for expected in "Discourse is active" "added Every student explains" "text.empty:" "Every student explains: open" \
  "1 found" "store.suspended:" "taken back"; do
  grep -qF "$expected" "$folder/said.txt" || { echo "the console app did not say: $expected"; exit 1; }
done
echo "ok: the README's example and the console app, from the jar"
