package main

// dealt makes `channels` unbuffered channels and one goroutine that sends to each in turn. The select questions
// receive from all of them at once; a batch is one message through each channel.
func dealt(channels, batches int) []chan int {
	all := make([]chan int, channels)
	for i := range all {
		all[i] = make(chan int)
	}
	go func() {
		for range batches {
			for i, ch := range all {
				ch <- i
			}
		}
	}()
	return all
}

// trySelect: a select with default that finds nothing, a send, and a select with default that finds it; a batch is
// the three of them.
func trySelect(batches int) int {
	empty, one := make(chan int), make(chan int, 1)
	sum := 0
	for i := range batches {
		select {
		case v := <-empty:
			sum -= v
		case v := <-one:
			sum -= v
		default:
		}
		one <- i & 1023
		select {
		case v := <-empty:
			sum -= v
		case v := <-one:
			sum += v
		default:
		}
	}
	return sum
}

func select2(batches int) int {
	ch := dealt(2, batches)
	sum := 0
	for range batches * 2 {
		select {
		case v := <-ch[0]:
			sum += v
		case v := <-ch[1]:
			sum += v
		}
	}
	return sum
}

func select8(batches int) int {
	ch := dealt(8, batches)
	sum := 0
	for range batches * 8 {
		select {
		case v := <-ch[0]:
			sum += v
		case v := <-ch[1]:
			sum += v
		case v := <-ch[2]:
			sum += v
		case v := <-ch[3]:
			sum += v
		case v := <-ch[4]:
			sum += v
		case v := <-ch[5]:
			sum += v
		case v := <-ch[6]:
			sum += v
		case v := <-ch[7]:
			sum += v
		}
	}
	return sum
}

func select64(batches int) int {
	ch := dealt(64, batches)
	sum := 0
	for range batches * 64 {
		select {
		case v := <-ch[0]:
			sum += v
		case v := <-ch[1]:
			sum += v
		case v := <-ch[2]:
			sum += v
		case v := <-ch[3]:
			sum += v
		case v := <-ch[4]:
			sum += v
		case v := <-ch[5]:
			sum += v
		case v := <-ch[6]:
			sum += v
		case v := <-ch[7]:
			sum += v
		case v := <-ch[8]:
			sum += v
		case v := <-ch[9]:
			sum += v
		case v := <-ch[10]:
			sum += v
		case v := <-ch[11]:
			sum += v
		case v := <-ch[12]:
			sum += v
		case v := <-ch[13]:
			sum += v
		case v := <-ch[14]:
			sum += v
		case v := <-ch[15]:
			sum += v
		case v := <-ch[16]:
			sum += v
		case v := <-ch[17]:
			sum += v
		case v := <-ch[18]:
			sum += v
		case v := <-ch[19]:
			sum += v
		case v := <-ch[20]:
			sum += v
		case v := <-ch[21]:
			sum += v
		case v := <-ch[22]:
			sum += v
		case v := <-ch[23]:
			sum += v
		case v := <-ch[24]:
			sum += v
		case v := <-ch[25]:
			sum += v
		case v := <-ch[26]:
			sum += v
		case v := <-ch[27]:
			sum += v
		case v := <-ch[28]:
			sum += v
		case v := <-ch[29]:
			sum += v
		case v := <-ch[30]:
			sum += v
		case v := <-ch[31]:
			sum += v
		case v := <-ch[32]:
			sum += v
		case v := <-ch[33]:
			sum += v
		case v := <-ch[34]:
			sum += v
		case v := <-ch[35]:
			sum += v
		case v := <-ch[36]:
			sum += v
		case v := <-ch[37]:
			sum += v
		case v := <-ch[38]:
			sum += v
		case v := <-ch[39]:
			sum += v
		case v := <-ch[40]:
			sum += v
		case v := <-ch[41]:
			sum += v
		case v := <-ch[42]:
			sum += v
		case v := <-ch[43]:
			sum += v
		case v := <-ch[44]:
			sum += v
		case v := <-ch[45]:
			sum += v
		case v := <-ch[46]:
			sum += v
		case v := <-ch[47]:
			sum += v
		case v := <-ch[48]:
			sum += v
		case v := <-ch[49]:
			sum += v
		case v := <-ch[50]:
			sum += v
		case v := <-ch[51]:
			sum += v
		case v := <-ch[52]:
			sum += v
		case v := <-ch[53]:
			sum += v
		case v := <-ch[54]:
			sum += v
		case v := <-ch[55]:
			sum += v
		case v := <-ch[56]:
			sum += v
		case v := <-ch[57]:
			sum += v
		case v := <-ch[58]:
			sum += v
		case v := <-ch[59]:
			sum += v
		case v := <-ch[60]:
			sum += v
		case v := <-ch[61]:
			sum += v
		case v := <-ch[62]:
			sum += v
		case v := <-ch[63]:
			sum += v
		}
	}
	return sum
}
