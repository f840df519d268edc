"""How much is taken at once, and what is waited for."""

# Requests answered at the same moment by one process. Each waits mostly for its database, whose pool
# (`db.POOL_SIZE`) is larger.
THREADS = 8
# Connections of one process, idle ones included. Below the 1,024 open files that most systems allow a
# process, so that the database can still be opened when all are taken.
CONNECTIONS = 800
# Seconds for a whole request, first byte to last. A story of 128 kB comes in 17 s over the slowest telephone
# link that NHS pages are tested on (GPRS, 60 kbit/s); who drips a byte a second is cut off.
REQUEST_DEADLINE = 30
# Seconds that a connection may idle between requests. Longer than the 60 s after which nginx closes one that
# it keeps to us, so that it never sends a request into a connection we are closing.
IDLE = 75
# Connections that the system takes for us while all threads are busy.
BACKLOG = 1024
# Seconds between looks for connections past their time.
CLEAN_UP_EVERY = 5
# Bytes of a request's head: browsers send about 1 kB, a long referrer and cookies 8 kB.
HEAD = 32 * 1024
# Bytes of a body. More than the application takes (`app.LARGEST_BODY`), so that
# application, in words and readable from other origins; beyond that, by the server before it is read.
BODY = 256 * 1024
# Seconds in which what has begun may finish after a signal to stop; below the 10 s after which Docker kills.
GRACE = 8
# With this a worker ends that could not make its application: another in its place would end likewise.
CANNOT_BEGIN = 3
# With this one whose database was away: another takes its place, after so many seconds.
CANNOT_BEGIN_YET = 4
BEGIN_AGAIN_AFTER = 2
# Seconds for which an address that is taken is asked for again: what workers of a service that was killed
# have begun may still hold it.
TAKEN_FOR = 2
