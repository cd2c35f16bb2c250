/** include/uapi/linux/rtnetlink.h */
export const RTM_NEWROUTE = 24, RTM_DELROUTE = 25, RTM_GETROUTE = 26;
