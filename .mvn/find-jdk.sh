# Sourced by mvnw and run: find_jdk sets and exports JAVA_HOME to a JDK of at least this release.
needed_jdk=25

# major_of HOME: the release of the JDK in this folder, or nothing.
major_of() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# home_of_java_on_path: the home of the java on PATH, with links resolved.
home_of_java_on_path() {
  command -v java >/dev/null || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

# candidate_jdks: one folder per line, preferred ones first.
candidate_jdks() {
  [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
  home_of_java_on_path
  [ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home -v "$needed_jdk" 2>/dev/null || true
  for home in /usr/lib/jvm/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ ! -d "$home" ] || printf '%s\n' "$home"
  done
}

find_jdk() {
  candidates=$(candidate_jdks)
  while IFS= read -r home; do
    major=$(major_of "$home")
    if [ -n "$major" ] && [ "$major" -ge "$needed_jdk" ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done <<EOF
$candidates
EOF
  {
    echo "This needs a JDK $needed_jdk or later. Looked in JAVA_HOME (${JAVA_HOME:-not set}), at the java on PATH"
    echo "($(command -v java || echo none)), in /usr/lib/jvm, SDKMAN, ~/.jdks and macOS's folders; found:"
    if [ -n "$candidates" ]; then
      printf '%s\n' "$candidates" | while IFS= read -r home; do
        echo "  $home (JDK $(major_of "$home"))" | sed 's/(JDK )/(no JDK)/'
      done
    else
      echo "  nothing"
    fi
    echo "Install one and set JAVA_HOME to its folder."
  } >&2
  return 1
}
