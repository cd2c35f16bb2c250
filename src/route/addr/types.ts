/** include/uapi/linux/rtnetlink.h */
export const RTM_NEWADDR = 20, RTM_DELADDR = 21, RTM_GETADDR = 22;
