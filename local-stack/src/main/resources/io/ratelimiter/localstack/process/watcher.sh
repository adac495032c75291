# Ends every listed process once the JVM that holds the other end of standard input has ended, however it ended.
#
# One command a line:
#   watch PID SIGNAL PHASE   at the end: SIGNAL to PID, KILL after 8 s; PHASE 1 is ended before PHASE 2
#   unwatch PID              the process has ended
#   folder PATH              at the end: delete this folder
#
# Runs in its own session, so that Ctrl-C does not reach it.
trap '' HUP INT TERM PIPE

watched=''
folders=''
newline='
'

unwatch() {
  kept=''
  for entry in $watched; do
    case $entry in
      "$1":*) ;;
      *) kept="$kept $entry" ;;
    esac
  done
  watched=$kept
}

# alive PHASE
alive() {
  for entry in $watched; do
    case $entry in
      *:"$1") kill -s 0 "${entry%%:*}" 2>/dev/null && return 0 ;;
    esac
  done
  return 1
}

# end PHASE: a paused process handles the signal only after CONT.
end() {
  for entry in $watched; do
    case $entry in
      *:"$1")
        signal=${entry#*:}
        kill -s "${signal%%:*}" "${entry%%:*}" 2>/dev/null
        kill -s CONT "${entry%%:*}" 2>/dev/null
        ;;
    esac
  done
  tries=0
  while alive "$1" && [ "$tries" -lt 80 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  for entry in $watched; do
    case $entry in
      *:"$1") kill -s KILL -- "-${entry%%:*}" 2>/dev/null || kill -s KILL "${entry%%:*}" 2>/dev/null ;;
    esac
  done
}

while IFS= read -r line; do
  rest=${line#* }
  case $line in
    watch\ *)
      set -- $rest
      watched="$watched $1:$2:$3"
      ;;
    unwatch\ *) unwatch "$rest" ;;
    folder\ *) folders="$folders$rest$newline" ;;
  esac
done

end 1
end 2
IFS=$newline
for folder in $folders; do
  rm -rf -- "$folder"
done
