# Ends every listed process when the JVM that holds the other end of standard input is gone, however it went.
#
# One command a line:
#   watch PID SIGNAL TURN   on the end: SIGNAL to PID, KILL if it doesn't go; TURN 1 is ended before TURN 2
#   forget PID              it has ended
#   folder PATH             on the end: delete this folder
#
# Runs in a session of its own, so that no Ctrl-C reaches it.
trap '' HUP INT TERM PIPE

watched=''
folders=''
newline='
'

forget() {
  kept=''
  for entry in $watched; do
    case $entry in
      "$1":*) ;;
      *) kept="$kept $entry" ;;
    esac
  done
  watched=$kept
}

# alive TURN
alive() {
  for entry in $watched; do
    case $entry in
      *:"$1") kill -s 0 "${entry%%:*}" 2>/dev/null && return 0 ;;
    esac
  done
  return 1
}

# end TURN: a paused process takes a signal only once it goes on.
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
    forget\ *) forget "$rest" ;;
    folder\ *) folders="$folders$rest$newline" ;;
  esac
done

end 1
end 2
IFS=$newline
for folder in $folders; do
  rm -rf -- "$folder"
done
