waiting-title = 待核对、待评议
waiting-sources = 待答复的来源
waiting-do = 办理
waiting-empty = 没有等待您办理的核对或评议
waiting-empty-more = 有新的委托或评议时会列在这里。
