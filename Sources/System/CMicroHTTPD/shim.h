#include <microhttpd.h>

/* What Swift cannot call: variadic functions. */

/* MHD_start_daemon with the options that we use: one thread over epoll, on a socket that listens already. */
static inline struct MHD_Daemon *
mhd_start (int listener,
           unsigned int connections,
           unsigned int connections_per_address,
           unsigned int idle_seconds,
           size_t connection_memory,
           void *owner,
           void *(*target) (void *, const char *, struct MHD_Connection *),
           MHD_AccessHandlerCallback answer,
           MHD_RequestCompletedCallback completed,
           MHD_NotifyConnectionCallback connection_changed)
{
  return MHD_start_daemon (
    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC,
    0, NULL, NULL, answer, owner,
    MHD_OPTION_LISTEN_SOCKET, listener,
    MHD_OPTION_CONNECTION_LIMIT, connections,
    MHD_OPTION_PER_IP_CONNECTION_LIMIT, connections_per_address,
    MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
    MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
    MHD_OPTION_URI_LOG_CALLBACK, target, owner,
    MHD_OPTION_NOTIFY_COMPLETED, completed, owner,
    MHD_OPTION_NOTIFY_CONNECTION, connection_changed, owner,
    MHD_OPTION_END);
}

/* The connection's socket, or -1. */
static inline int
mhd_socket (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return NULL == info ? -1 : info->connect_fd;
}

/* Bytes of the request line and the header fields, or 0 before they are read. */
static inline size_t
mhd_head_size (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return NULL == info ? 0 : info->header_size;
}
